package im.signet.protocol.hash;

import im.signet.protocol.Parsed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

import org.jspecify.annotations.Nullable;

/**
 * What a server has its clients mix into every lookup hash, so that tables made for another server or another week are of
 * no use. {@link #toString()} hides it.
 *
 * @param value 1 to 255 letters and digits
 */
public record Pepper(String value) {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int MAX_LENGTH = 255;
    private static final int GENERATED_LENGTH = 32;
    private static final String RULE = "a pepper has 1 to " + MAX_LENGTH + " letters and digits";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no pepper. */
    public Pepper {
        if (!isPepper(value)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the pepper that {@code text} is. */
    public static Parsed<Pepper> parse(String text) {
        return isPepper(text) ? Parsed.ok(new Pepper(text)) : Parsed.refused(RULE);
    }

    /** Returns the pepper that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static Pepper of(String text) {
        return new Pepper(text);
    }

    /** Returns a new pepper of 32 characters, 190 bits. */
    public static Pepper generate(SecureRandom random) {
        StringBuilder value = new StringBuilder(GENERATED_LENGTH);
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            value.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new Pepper(value.toString());
    }

    /** Takes the same time wherever two peppers differ. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pepper that && MessageDigest.isEqual(
                value.getBytes(StandardCharsets.US_ASCII), that.value.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Pepper[hidden]";
    }

    private static boolean isPepper(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }
}
