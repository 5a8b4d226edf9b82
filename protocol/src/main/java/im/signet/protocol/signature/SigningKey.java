package im.signet.protocol.signature;

import java.security.SecureRandom;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key that signs, with its name. Immutable, safe for use by several threads; {@link #toString()} hides the secret. */
public final class SigningKey {
    /** The size of a seed. */
    public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    private final KeyId id;
    private final byte[] seed;
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];

    private SigningKey(KeyId id, byte[] seed) {
        if (!id.algorithm().equals(KeyId.ED25519)) {
            throw new IllegalArgumentException("a signing key is of the algorithm " + KeyId.ED25519);
        }
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("the seed of a signing key has " + SEED_BYTES + " bytes");
        }
        this.id = id;
        this.seed = seed.clone();
        Ed25519.generatePublicKey(this.seed, 0, publicKey, 0);
    }

    /** Returns the key of this seed; throws an {@link IllegalArgumentException} for another algorithm than ed25519 or not 32 bytes. */
    public static SigningKey fromSeed(KeyId id, byte[] seed) {
        return new SigningKey(id, seed);
    }

    /** Returns a new key; throws an {@link IllegalArgumentException} for another algorithm than ed25519. */
    public static SigningKey generate(KeyId id, SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new SigningKey(id, seed);
    }

    /** Returns the name of the key. */
    public KeyId id() {
        return id;
    }

    /** Returns the public half. */
    public VerifyKey verifyKey() {
        return VerifyKey.ofBytes(publicKey).orElseThrow();
    }

    /** Returns a copy of the seed, for who stores the key or hands it out: whoever has it signs as this key. */
    public byte[] seed() {
        return seed.clone();
    }

    /** Returns the signature of {@code message}, 64 bytes, always the same for the same message. */
    public byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, publicKey, 0, null, message, 0, message.length, signature, 0);
        return signature;
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + ", hidden]";
    }
}
