/** Where a client keeps its keys. */
module im.signet.client.secret {
    requires static transitive org.jspecify;
    requires im.signet.client;
    requires org.bouncycastle.provider;

    exports im.signet.client.secret;
}
