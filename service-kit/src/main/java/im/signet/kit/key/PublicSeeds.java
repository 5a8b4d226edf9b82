package im.signet.kit.key;

import im.signet.kit.settings.UnusableSettingException;
import im.signet.protocol.signature.UnpaddedBase64;

import java.util.Set;

/**
 * Seeds of keys that stand in specifications and tests. Whoever copies one into production shares the key with everybody,
 * as servers whose generated key was a known one did (CVE-2026-24044).
 */
public final class PublicSeeds {

    private static final Set<String> PUBLISHED = Set.of(
            // Matrix appendices, "Cryptographic test vectors"; there it ends in "1", whose last bit belongs to no byte.
            "YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA0",
            // RFC 8032, section 7.1: tests 1, 2, 3, 1024 and SHA(abc), which section 7.3 has, too.
            "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs",
            "xaqN9D+fg3vtt0QvMdy3sWbThTUHbwlLhc46LgtEWPc",
            "9eV2fPFTMZUXYw8iaHa4bIFgzFg7wBN0TGvyVfXMDuU",
            "gz/mJAkje51i7HdYdSCRHpp1nOwdGXVbfakBuW3KPUI",
            // RFC 8032, section 7.2.
            "AwUzTjga948UHLZm9hmfV7w0lTNaJWqVvSpVv1RmY/Y",
            "q5woU84pfdq4XJk7OuFLytObLGgr6rwn1tTrIHEdZWA");

    private PublicSeeds() {}

    /**
     * Refuses a signing key that everybody knows.
     *
     * @throws UnusableSettingException which names the key
     */
    public static void refuse(KeyRing.Key key) {
        if (contains(key.bytes())) {
            throw new UnusableSettingException(
                    "The signing key '" + key.id() + "' is a test key that is public: anybody could sign with it.",
                    "Take its line out of the file of signing keys. Without that file the server makes a new key.");
        }
    }

    // Or could guess it: one byte repeated, or bytes that count.
    private static boolean contains(byte[] seed) {
        return PUBLISHED.contains(UnpaddedBase64.encode(seed)) || goesOnBy(seed, 0) || goesOnBy(seed, 1);
    }

    private static boolean goesOnBy(byte[] seed, int step) {
        for (int i = 1; i < seed.length; i++) {
            if (seed[i] != (byte) (seed[i - 1] + step)) {
                return false;
            }
        }
        return true;
    }
}
