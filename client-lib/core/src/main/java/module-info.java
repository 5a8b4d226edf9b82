/** Contact discovery and handles for Matrix clients: nothing is asked of an identity server but what a user has consented to. */
// The module that im.signet.client.file is opened to is compiled after this one.
@SuppressWarnings("module") module im.signet.client {
    requires static transitive org.jspecify;
    requires transitive im.signet.protocol;
    requires org.bouncycastle.provider;

    exports im.signet.client;
    exports im.signet.client.contact;
    exports im.signet.client.file to im.signet.client.book;
    exports im.signet.client.handle;
    exports im.signet.client.secret;
    exports im.signet.client.transport;
}
