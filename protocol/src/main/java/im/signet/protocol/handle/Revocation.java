package im.signet.protocol.handle;

import java.util.Locale;

/**
 * That an operation removes a key, and why.
 *
 * @param kid the key that is removed
 * @param why what its owner says; a word for people
 */
public record Revocation(Thumbprint kid, Why why) {
    /** Why a key is removed. */
    public enum Why {
        /** Nobody knows where it is. */
        LOST,
        /** Somebody else has it. */
        STOLEN,
        /** Its owner has no use for it any more. */
        RETIRED,
        /** Its owner no longer believes it. */
        UNTRUSTED;

        /** Returns the word as it stands in a payload. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
