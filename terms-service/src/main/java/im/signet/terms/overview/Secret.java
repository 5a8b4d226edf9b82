package im.signet.terms.overview;

import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** What stands in a link or in the forms of a page: 256 random bits, stored as their hash only. */
record Secret(String value) {

    private static final int RANDOM_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    static Secret generate(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new Secret(UnpaddedBase64.encodeUrl(bytes));
    }

    /** Returns the secret that this may be; empty when it cannot be one. */
    static Optional<Secret> parse(@Nullable String text) {
        return text != null && text.length() <= 2 * RANDOM_BYTES && FORM.matcher(text).matches()
                ? Optional.of(new Secret(text))
                : Optional.empty();
    }

    /** Returns its SHA-256: 256 bits of entropy need no salt. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
