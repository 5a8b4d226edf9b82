package im.signet.identity.validation;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;
import java.util.Set;

/** What a session proves for the user who uses it. */
public sealed interface Proof {

    /**
     * The user owns the address.
     *
     * @param user        who asked for the session
     * @param spellings    every spelling of the address that clients are known to hash; the canonical one is among them
     * @param discoverable whether the user wants to be found by the address
     */
    record Proven(UserId user, Address address, Set<String> spellings, Instant at,
            boolean discoverable) implements Proof {

        @Override
        public String toString() {
            return "Proven[" + address + ", " + at + "]";
        }
    }

    /** The token was not submitted yet. */
    record NotValidated() implements Proof {}

    /** The session has run out, or was closed. */
    record Expired() implements Proof {}

    /** No session has that sid and secret, or none of the user who was asked about. */
    record NoSession() implements Proof {}
}
