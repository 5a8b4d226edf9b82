/** What a user knows of other people, and how far each of it may be trusted. */
module im.signet.client.book {
    requires static transitive org.jspecify;
    requires transitive im.signet.client;

    exports im.signet.client.book;
}
