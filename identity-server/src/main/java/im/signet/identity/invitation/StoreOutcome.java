package im.signet.identity.invitation;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.VerifyKey;

/** What came of asking to store an invitation. */
sealed interface StoreOutcome {

    /**
     * The invitation is stored.
     *
     * @param longTerm    the key that the acceptance will be signed with
     * @param ephemeral   the public half of the key that was made for this invitation
     * @param displayName the address in a form that may be shown
     */
    record Stored(String token, VerifyKey longTerm, VerifyKey ephemeral, String displayName) implements StoreOutcome {

        @Override
        public String toString() {
            return "Stored[hidden]";
        }
    }

    /** The address is this user's, and everybody may know. */
    record InUse(UserId user) implements StoreOutcome {}

    /** No mail to that address can be sent: that is not set up, or too many wait already. */
    record CannotSend() implements StoreOutcome {}
}
