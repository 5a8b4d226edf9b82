package im.signet.protocol.handle;

import im.signet.protocol.json.JsonObject;

import java.util.Optional;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * A public key that records are signed by: a canonical encoding of a point of Ed25519's prime-order subgroup other than
 * its identity. Of other keys there are some for which one signature verifies any message, so none can be made here. See
 * {@code docs/spec/handles.md}, section 2.4. Immutable.
 */
public final class JwsKey {
    private static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    private final Ed25519.PublicPoint point;
    private final String x;
    private final Thumbprint thumbprint;

    private JwsKey(Ed25519.PublicPoint point, String x) {
        this.point = point;
        this.x = x;
        this.thumbprint = Thumbprint.ofEd25519(x);
    }

    /** Returns the key whose JWK has this {@code x}: 43 characters of base64url. */
    public static Verdict<JwsKey> parse(String x) {
        Optional<byte[]> bytes = Base64Url.decode(x, Ed25519.PUBLIC_KEY_SIZE);
        return bytes.isPresent() ? of(bytes.get(), x) : Verdict.refused(Reason.MALFORMED_MEMBER);
    }

    /** Returns the key of these 32 bytes. */
    public static Verdict<JwsKey> ofBytes(byte[] bytes) {
        return bytes.length == Ed25519.PUBLIC_KEY_SIZE
                ? of(bytes, Base64Url.encode(bytes))
                : Verdict.refused(Reason.MALFORMED_MEMBER);
    }

    private static Verdict<JwsKey> of(byte[] bytes, String x) {
        Ed25519.@Nullable PublicPoint point = Ed25519.validatePublicKeyFullExport(bytes, 0);
        return point == null ? Verdict.refused(Reason.WEAK_KEY) : Verdict.valid(new JwsKey(point, x));
    }

    /** Returns the {@code x} of the key's JWK: 43 characters of base64url. */
    public String x() {
        return x;
    }

    /** Returns the 32 bytes of the key. */
    public byte[] toBytes() {
        return Base64Url.decode(x).orElseThrow(IllegalStateException::new);
    }

    /** Returns the name of the key in signatures. */
    public Thumbprint thumbprint() {
        return thumbprint;
    }

    /** Returns the key as a JWK: {@code {"kty":"OKP","crv":"Ed25519","x":...,"kid":...}}. */
    public JsonObject toJwk() {
        return JsonObject.builder()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", x)
                .put("kid", thumbprint.value())
                .build();
    }

    /**
     * Returns whether {@code signature} is a valid one of {@code message} by this key: 64 bytes, its first half as good a
     * point as a key, its second half below the group's order, and the equation of RFC 8032 holds. With both points in the
     * subgroup every careful implementation decides alike. Never throws.
     */
    public boolean verifies(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_BYTES
                && Ed25519.verify(signature, 0, point, message, 0, message.length)
                && Ed25519.validatePublicKeyFull(signature, 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JwsKey that && x.equals(that.x);
    }

    @Override
    public int hashCode() {
        return x.hashCode();
    }

    @Override
    public String toString() {
        return "JwsKey[" + x + "]";
    }
}
