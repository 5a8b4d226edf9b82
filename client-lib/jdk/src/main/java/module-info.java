/** Carries the requests of the client library with the HTTP client of the JDK. */
module im.signet.client.jdk {
    requires static transitive org.jspecify;
    requires transitive im.signet.client;
    requires transitive java.net.http;

    exports im.signet.client.jdk;
}
