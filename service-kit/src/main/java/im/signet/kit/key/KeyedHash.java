package im.signet.kit.key;

import java.security.GeneralSecurityException;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 under the keys of a ring: a value can be found by its hash, and whoever lacks the key cannot try values.
 * Safe to use from many threads.
 */
public final class KeyedHash {

    private final KeyRing keys;

    public KeyedHash(KeyRing keys) {
        this.keys = keys;
    }

    /** Returns what the keys are for. */
    public String purpose() {
        return keys.purpose();
    }

    /** Returns the 32-byte hash under the current key, for what is stored now. */
    public byte[] current(byte[] value) {
        return hash(keys.current(), value);
    }

    /** Returns the id of the current key, to store beside {@link #current}. */
    public String currentKeyId() {
        return keys.current().id();
    }

    /** Returns the hash under each live key, for finding what was stored under any of them. */
    public List<byte[]> underEachKey(byte[] value) {
        return keys.all().stream().map(key -> hash(key, value)).toList();
    }

    private static byte[] hash(KeyRing.Key key, byte[] value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
            return mac.doFinal(value);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
