package im.signet.kit.audit;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

/** Whom or what an operator's command was about. */
public sealed interface Subject {

    /** Nothing in particular. */
    record Everything() implements Subject {}

    /** Something that says nothing of a person, such as a homeserver or the id of a key; it is kept as it is. */
    record Plain(String text) implements Subject {}

    /**
     * A person's address, user id or handle; a keyed hash of it is kept.
     *
     * @param kind  {@code email}, {@code msisdn}, {@code user} or {@code handle}
     * @param value which
     */
    record Personal(String kind, String value) implements Subject {

        @Override
        public String toString() {
            return "Personal[" + kind + "]";
        }
    }

    /** Returns an address as what a command was about. */
    static Subject of(Address address) {
        return new Personal(address.medium().wireName(), address.value());
    }

    /** Returns a user as what a command was about. */
    static Subject of(UserId user) {
        return new Personal("user", user.value());
    }

    /** Returns a handle as what a command was about. */
    static Subject ofHandle(String handle) {
        return new Personal("handle", handle);
    }
}
