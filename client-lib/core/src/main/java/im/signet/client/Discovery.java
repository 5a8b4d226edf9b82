package im.signet.client;

import im.signet.client.contact.AddressBook;

import java.time.Duration;
import java.time.Instant;

/**
 * Looks contacts up by the hashes of their addresses. Addresses themselves are sent only to a server that takes no hashes,
 * and only by a consent to {@link Purpose#REVEAL_CONTACTS}. Safe for use by several threads. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/#association-lookup">Identity Service API</a>.
 */
public final class Discovery {
    private final Access access;
    private final Consent<?> consent;
    private final ClientOptions options;

    Discovery(Access access, Consent<?> consent, ClientOptions options) {
        this.access = access;
        this.consent = consent;
        this.options = options;
    }

    /**
     * Returns who of the address book is found. Asks for as many addresses at once as the options and the server allow, each
     * of them once. When the server changes its pepper meanwhile, goes on with the new one. Does not sleep and does not try
     * again after a failure. An empty address book sends nothing.
     */
    public Lookup lookup(AddressBook addressBook) {
        return new LookupRun(access, consent, addressBook, options.batchSize()).run();
    }

    /**
     * Returns who of the address book is found, and asks the server only for addresses that are new, or of which the answer
     * in {@code before} is older than {@code lifetime}: what it is not asked again it is not told again. That somebody is
     * found no longer is noticed as late as that. Answers for addresses that have left the address book are forgotten.
     * Otherwise as {@link #lookup}. Throws an {@link IllegalArgumentException} when {@code before} is of another server, or
     * the lifetime is negative.
     */
    public ContactUpdate update(AddressBook addressBook, KnownContacts before, Duration lifetime) {
        if (!before.server().equals(consent.server())) {
            throw new IllegalArgumentException("the answers are those of another server");
        }
        if (lifetime.isNegative()) {
            throw new IllegalArgumentException("the lifetime of an answer is not negative");
        }
        Instant now = options.clock().instant();
        AddressBook outdated = before.outdated(addressBook, now, lifetime);
        Lookup lookup = lookup(outdated);
        KnownContacts known = before.after(lookup, outdated, addressBook, now);
        return new ContactUpdate(known, known.contacts(addressBook), outdated, lookup);
    }
}
