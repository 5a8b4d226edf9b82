package im.signet.client.contact;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Somebody of the address book of whom an identity server says that they use Matrix. It is the server's word and nothing
 * more, so the contact is {@link ContactState#UNVALIDATED} and this type has no way to say anything else.
 * {@link #toString()} shows the user id and the state, not the entry.
 */
public final class DiscoveredContact {
    private final AddressBook.Entry entry;
    private final UserId userId;

    private DiscoveredContact(AddressBook.Entry entry, UserId userId) {
        this.entry = Objects.requireNonNull(entry);
        this.userId = Objects.requireNonNull(userId);
    }

    /** Returns what a lookup makes of an entry: an unvalidated contact. */
    public static DiscoveredContact lookedUp(AddressBook.Entry entry, UserId userId) {
        return new DiscoveredContact(entry, userId);
    }

    /** Returns what the user calls the person; may be empty. */
    public String label() {
        return entry.label();
    }

    /** Returns the address of the user's address book by which the person was found. */
    public Address address() {
        return entry.address();
    }

    /** Returns the Matrix user that the server named. */
    public UserId userId() {
        return userId;
    }

    /** Returns {@link ContactState#UNVALIDATED}, always: looking somebody up verifies nothing. */
    public ContactState state() {
        return ContactState.UNVALIDATED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiscoveredContact that && entry.equals(that.entry) && userId.equals(that.userId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(entry, userId);
    }

    @Override
    public String toString() {
        return "DiscoveredContact[" + userId + ", " + state() + "]";
    }
}
