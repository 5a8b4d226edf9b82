package im.signet.protocol.handle;

import java.security.SecureRandom;

/**
 * 16 bytes of chance in a record, so that nobody can guess its payload from its hash.
 *
 * @param value 22 characters of base64url
 */
public record Rnd(String value) {
    private static final int BYTES = 16;
    private static final String RULE = "rnd is 16 bytes as 22 characters of base64url";

    /** Throws an {@link IllegalArgumentException} when {@code value} is not 16 bytes. */
    public Rnd {
        if (!Base64Url.decode(value, BYTES).isPresent()) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the 16 bytes that {@code text} is. */
    public static Verdict<Rnd> parse(String text) {
        return Base64Url.decode(text, BYTES).isPresent()
                ? Verdict.valid(new Rnd(text))
                : Verdict.refused(Reason.MALFORMED_MEMBER);
    }

    /** Returns 16 new bytes. */
    public static Rnd generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Rnd(Base64Url.encode(bytes));
    }
}
