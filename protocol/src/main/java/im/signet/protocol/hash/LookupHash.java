package im.signet.protocol.hash;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hash a client sends in place of an address: {@code sha256("<address> <medium> <pepper>")} as 43 characters of
 * unpadded URL-safe base64. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/#sha256">Identity Service API</a>. {@link #toString()} hides
 * it, as whoever knows the pepper can guess the address.
 *
 * @param value the 43 characters
 */
public record LookupHash(String value) {
    private static final int LENGTH = 43;
    private static final String RULE = "a lookup hash has 43 characters of URL-safe base64";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no lookup hash. */
    public LookupHash {
        if (!isLookupHash(value)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the hash of an address in canonical form. */
    public static LookupHash of(Address address, Pepper pepper) {
        return of(address.medium(), address.value(), pepper);
    }

    /** Returns the hash of exactly the text {@code addressAsHashed}, for forms beside the canonical one. */
    public static LookupHash of(Medium medium, String addressAsHashed, Pepper pepper) {
        String text = addressAsHashed + " " + medium.wireName() + " " + pepper.value();
        return new LookupHash(UnpaddedBase64.encodeUrl(sha256().digest(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** Returns the lookup hash that {@code text} is. */
    public static Parsed<LookupHash> parse(String text) {
        return isLookupHash(text) ? Parsed.ok(new LookupHash(text)) : Parsed.refused(RULE);
    }

    /** Returns the 32 bytes that the value encodes. */
    public byte[] toBytes() {
        return UnpaddedBase64.decodeUrl(value).orElseThrow();
    }

    @Override
    public String toString() {
        return "LookupHash[hidden]";
    }

    private static boolean isLookupHash(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            if (sextet(text.charAt(i)) < 0) {
                return false;
            }
        }
        // 43 characters have two bits more than 32 bytes: with them set there would be four texts for each hash.
        return (sextet(text.charAt(LENGTH - 1)) & 0b11) == 0;
    }

    /** Returns the number from 0 to 63 that {@code c} stands for in URL-safe base64; -1 when it stands for none. */
    private static int sextet(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '-' ? 62 : c == '_' ? 63 : -1;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
