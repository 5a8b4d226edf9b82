package im.signet.kit.key;

import java.security.SecureRandom;
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
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new KeyRing(purpose, List.of(new KeyRing.Key("k1", bytes)));
    }
}
