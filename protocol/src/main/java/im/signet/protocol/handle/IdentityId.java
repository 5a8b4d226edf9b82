package im.signet.protocol.handle;

/**
 * The name of an identity for its whole life, made of its first operation:
 * {@code "n1" || base32(SHA-256("signet-id/v1" || 0x00 || payload))} in lower case.
 *
 * @param value 54 characters
 */
public record IdentityId(String value) {
    private static final String VERSION = "n1";
    private static final String PREFIX = "signet-id/v1";
    private static final int LENGTH = 54;
    private static final String RULE = "an id is n1 and 52 characters of base32 in lower case";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no id. */
    public IdentityId {
        if (!isId(value)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the id that {@code text} is. */
    public static Verdict<IdentityId> parse(String text) {
        return isId(text) ? Verdict.valid(new IdentityId(text)) : Verdict.refused(Reason.MALFORMED_MEMBER);
    }

    /** Returns the id of the identity whose first operation has exactly this payload. */
    public static IdentityId ofGenesis(byte[] payload) {
        return ofHash(Hashes.sha256(PREFIX).digest(payload));
    }

    /** Returns the id whose hash is these 32 bytes. */
    static IdentityId ofHash(byte[] hash) {
        return new IdentityId(VERSION + Base32.encode(hash, Base32.LOWER));
    }

    /** Returns the 32 bytes of the hash in the id. */
    byte[] hash() {
        return Base32.decode(value.substring(VERSION.length()), Base32.LOWER).orElseThrow(IllegalStateException::new);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isId(String text) {
        return text.length() == LENGTH && text.startsWith(VERSION)
                && Base32.decode(text.substring(VERSION.length()), Base32.LOWER).isPresent();
    }
}
