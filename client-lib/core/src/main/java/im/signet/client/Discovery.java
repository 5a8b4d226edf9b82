package im.signet.client;

import im.signet.client.contact.AddressBook;

/**
 * Looks contacts up by the hashes of their addresses. There is no other kind of lookup: addresses are never sent in the
 * clear. Safe for use by several threads. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/#association-lookup">Identity Service API</a>.
 */
public final class Discovery {
    private final Access access;
    private final Consent<Purpose.DiscoverContacts> consent;
    private final int batchSize;

    Discovery(Access access, Consent<Purpose.DiscoverContacts> consent, int batchSize) {
        this.access = access;
        this.consent = consent;
        this.batchSize = batchSize;
    }

    /**
     * Returns who of the address book is found. Asks for as many addresses at once as the options and the server allow, each
     * of them once. When the server changes its pepper meanwhile, goes on with the new one. Does not sleep and does not try
     * again after a failure. An empty address book sends nothing.
     */
    public Lookup lookup(AddressBook addressBook) {
        return new LookupRun(access, consent, addressBook, batchSize).run();
    }
}
