package im.signet.kit.key;

import java.security.SecureRandom;
import java.util.List;

/** Key rings for tests. */
public final class KeyRings {

    private KeyRings() {}

    /** Returns a ring of one new key. */
    public static KeyRing of(String purpose) {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new KeyRing(purpose, List.of(new KeyRing.Key("k1", bytes)));
    }
}
