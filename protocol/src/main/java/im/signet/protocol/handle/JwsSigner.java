package im.signet.protocol.handle;

import java.security.SecureRandom;
import java.util.Arrays;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A key that signs records. Safe for use by several threads; {@link #toString()} hides the secret. */
public final class JwsSigner {
    /** The size of a seed. */
    public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    private final byte[] seed;
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    private final JwsKey key;
    private boolean wiped;

    private JwsSigner(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("the seed of a key has " + SEED_BYTES + " bytes");
        }
        this.seed = seed.clone();
        Ed25519.generatePublicKey(this.seed, 0, publicKey, 0);
        this.key = JwsKey.ofBytes(publicKey).orElseThrow();
    }

    /** Returns the key of this seed, which is copied; throws an {@link IllegalArgumentException} when it has not 32 bytes. */
    public static JwsSigner fromSeed(byte[] seed) {
        return new JwsSigner(seed);
    }

    /** Returns a new key. */
    public static JwsSigner generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        try {
            return new JwsSigner(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** Returns the public half. */
    public JwsKey key() {
        return key;
    }

    /** Returns a copy of the seed, for who stores the key: whoever has it signs as this key. Throws when it was wiped. */
    public synchronized byte[] seed() {
        requireSeed();
        return seed.clone();
    }

    /** Returns the signature of {@code message}, 64 bytes, always the same for the same message. Throws when the key was wiped. */
    synchronized byte[] sign(byte[] message) {
        requireSeed();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    /** Overwrites the secret; the key signs nothing afterwards. */
    public synchronized void wipe() {
        wiped = true;
        Arrays.fill(seed, (byte) 0);
    }

    private void requireSeed() {
        if (wiped) {
            throw new IllegalStateException("the key was wiped");
        }
    }

    @Override
    public String toString() {
        return "JwsSigner[" + key.x() + ", hidden]";
    }
}
