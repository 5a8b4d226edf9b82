package im.signet.kit.token;

import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** A bearer token of ours as its holder shows it: 256 random bits. It is stored as its hash only. */
public record AccessToken(String value) {

    private static final int RANDOM_BYTES = 32;

    /** Returns a new token. */
    public static AccessToken generate(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new AccessToken(UnpaddedBase64.encodeUrl(bytes));
    }

    /** Returns the SHA-256 of the token, which is what may be stored: its 256 bits of entropy need no salt. */
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
