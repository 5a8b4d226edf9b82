/** Contact discovery and handles for Matrix clients: nothing is asked of an identity server but what a user has consented to. */
// The modules that im.signet.client.file is exported to are compiled after this one.
@SuppressWarnings("module") module im.signet.client {
    requires static transitive org.jspecify;
    requires transitive im.signet.protocol;

    exports im.signet.client;
    exports im.signet.client.contact;
    exports im.signet.client.file to im.signet.client.book, im.signet.client.secret;
    exports im.signet.client.handle;
    exports im.signet.client.transport;
}
