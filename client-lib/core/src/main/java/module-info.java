/** Contact discovery and handles for Matrix clients: nothing is asked of an identity server but what a user has consented to. */
module im.signet.client {
    requires static transitive org.jspecify;
    requires transitive im.signet.protocol;
    requires org.bouncycastle.provider;

    exports im.signet.client;
    exports im.signet.client.contact;
    exports im.signet.client.handle;
    exports im.signet.client.secret;
    exports im.signet.client.transport;
}
