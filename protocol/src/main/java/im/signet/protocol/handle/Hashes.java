package im.signet.protocol.handle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of the protocol, each with a prefix of its own, so that none can be taken for another. */
final class Hashes {
    static final int SHA256_BYTES = 32;

    private Hashes() {}

    /** Returns the digest of an empty message, ready for the first bytes. */
    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** Returns a SHA-256 that has taken {@code prefix} and a zero byte. */
    static MessageDigest sha256(String prefix) {
        MessageDigest digest = digest("SHA-256");
        digest.update(prefix.getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) 0);
        return digest;
    }

    /** Returns {@code number} as 8 bytes, the highest first. */
    static byte[] u64be(long number) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (number >>> (56 - 8 * i));
        }
        return bytes;
    }
}
