package im.signet.client.secret;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What it costs to try one passphrase. See <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106</a>.
 *
 * @param memoryKib   memory in KiB, 19,456 to 262,144
 * @param iterations  passes over it, 2 to 32
 * @param parallelism lanes, 1 to 16
 */
public record Argon2id(int memoryKib, int iterations, int parallelism) {
    /** The second recommendation of RFC 9106: 64 MiB, 3 passes, 4 lanes. */
    public static final Argon2id RECOMMENDED = new Argon2id(64 * 1024, 3, 4);

    static final int KEY_BYTES = 32;

    private static final int MIN_MEMORY_KIB = 19 * 1024;
    private static final int MAX_MEMORY_KIB = 256 * 1024;
    private static final int MIN_ITERATIONS = 2;
    private static final int MAX_ITERATIONS = 32;
    private static final int MAX_PARALLELISM = 16;

    /** Throws an {@link IllegalArgumentException} when a number is out of its range. */
    public Argon2id {
        if (!isInRange(memoryKib, iterations, parallelism)) {
            throw new IllegalArgumentException("the parameters of Argon2id are out of their range");
        }
    }

    /** Returns whether these may be used: neither so little that a hostile file weakens, nor so much that it stops us. */
    static boolean isInRange(int memoryKib, int iterations, int parallelism) {
        return memoryKib >= MIN_MEMORY_KIB && memoryKib <= MAX_MEMORY_KIB && iterations >= MIN_ITERATIONS
                && iterations <= MAX_ITERATIONS && parallelism >= 1 && parallelism <= MAX_PARALLELISM;
    }

    /** Returns the key of a passphrase, which the caller wipes, as the passphrase. */
    byte[] derive(char[] passphrase, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(iterations)
                .withParallelism(parallelism)
                .withSalt(salt)
                .build());
        byte[] key = new byte[KEY_BYTES];
        generator.generateBytes(passphrase, key);
        return key;
    }
}
