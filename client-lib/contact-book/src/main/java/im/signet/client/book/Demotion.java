package im.signet.client.book;

import java.time.Instant;

/**
 * Why an identifier is not validated any more, and since when.
 *
 * @param reason the reason
 * @param at     when this device learned of it
 */
public record Demotion(Reason reason, Instant at) {
    /** Keeps {@code at} to the millisecond, as it is stored. */
    public Demotion {
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    /** What takes a validation back. */
    public enum Reason {
        /** The identity has a new epoch: recovery keys were replaced, or devices set anew. */
        NEW_EPOCH,
        /** Its owner says to be reached elsewhere than when it was validated. */
        REACH_CHANGED,
        /** Its owner has ended the identity. */
        IDENTITY_ENDED,
        /** Keys of the identity signed two things of which one only can be true; the evidence is kept. */
        CONTRADICTS_ITSELF,
        /** The identity that signs for this identifier is compromised. */
        IDENTITY_COMPROMISED,
        /** The handle is not what it was when it was pinned: see its warnings. */
        HANDLE_ALARM,
        /** Its owner has moved to another handle. */
        HANDLE_MOVED,
        /** The account has another cross-signing master key. */
        MASTER_KEY_CHANGED,
        /** The identifier that signs for this one was taken out of the entry. */
        TAKEN_APART,
        /** The user agreed to what the server shows now. */
        PIN_REPLACED,
        /** The user said so. */
        BY_USER
    }
}
