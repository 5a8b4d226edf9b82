/** Carries the requests of the client library with OkHttp. */
module im.signet.client.okhttp {
    requires static transitive org.jspecify;
    requires transitive im.signet.client;
    requires okhttp3;

    exports im.signet.client.okhttp;
}
