/** Contact discovery for Matrix clients: nothing is asked of an identity server but what a user has consented to. */
module im.signet.client {
    requires static transitive org.jspecify;
    requires transitive im.signet.protocol;

    exports im.signet.client;
    exports im.signet.client.contact;
    exports im.signet.client.transport;
}
