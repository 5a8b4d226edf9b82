/** What goes over the wire between Matrix clients, homeservers and Signet: values that cannot be wrong, and no I/O. */
module im.signet.protocol {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;

    exports im.signet.protocol;
    exports im.signet.protocol.error;
    exports im.signet.protocol.handle;
    exports im.signet.protocol.hash;
    exports im.signet.protocol.identifier;
    exports im.signet.protocol.json;
    exports im.signet.protocol.signature;
}
