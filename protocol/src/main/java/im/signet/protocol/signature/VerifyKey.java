package im.signet.protocol.signature;

import im.signet.protocol.Parsed;

import java.util.Arrays;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/** The public half of an Ed25519 key: 32 bytes. Immutable. */
public final class VerifyKey {
    private final byte[] bytes;

    private VerifyKey(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Returns the key that {@code base64} writes in either alphabet, padded or not. */
    public static Parsed<VerifyKey> parse(String base64) {
        return UnpaddedBase64.decodeEither(base64).flatMap(VerifyKey::ofBytes);
    }

    /** Returns the key of these 32 bytes. Whether they are a point of the curve shows when they verify nothing. */
    public static Parsed<VerifyKey> ofBytes(byte[] bytes) {
        return bytes.length == Ed25519.PUBLIC_KEY_SIZE
                ? Parsed.ok(new VerifyKey(bytes))
                : Parsed.refused("an Ed25519 public key has " + Ed25519.PUBLIC_KEY_SIZE + " bytes");
    }

    /** Returns the key as standard unpadded base64, 43 characters. */
    public String encoded() {
        return UnpaddedBase64.encode(bytes);
    }

    /** Returns a copy of the 32 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Returns whether {@code signature} is one of {@code message} by this key, as RFC 8032 section 5.1.7 has it; never throws. */
    public boolean verifies(byte[] message, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, bytes, 0, message, 0, message.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifyKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "VerifyKey[" + encoded() + "]";
    }
}
