package im.signet.kit.key;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Key rings for tests. */
public final class KeyRings {

    private KeyRings() {}

    /** Returns a ring of these keys, the last one in use. */
    public static KeyRing of(String purpose, KeyRing.Key... keys) {
        return new KeyRing(purpose, List.of(keys));
    }

    /** Returns a ring of one new key. */
    public static KeyRing of(String purpose) {
        return new KeyRing(purpose, List.of(newKey("k1")));
    }

    /** Returns the ring with one more key, which is in use. */
    public static KeyRing withNewer(KeyRing ring, String id) {
        List<KeyRing.Key> keys = new ArrayList<>(ring.all());
        keys.add(newKey(id));
        return new KeyRing(ring.purpose(), keys);
    }

    private static KeyRing.Key newKey(String id) {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new KeyRing.Key(id, bytes);
    }
}
