package im.signet.protocol.handle;

import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;

/**
 * The name of a key, {@code kid}: the thumbprint of its JWK by SHA-256. See
 * <a href="https://www.rfc-editor.org/rfc/rfc7638">RFC 7638</a>.
 *
 * @param value 43 characters of base64url
 */
public record Thumbprint(String value) {
    /** Throws an {@link IllegalArgumentException} when {@code value} is no thumbprint. */
    public Thumbprint {
        if (!isThumbprint(value)) {
            throw new IllegalArgumentException(Reason.MALFORMED_KID.words());
        }
    }

    /** Returns the thumbprint that {@code text} is. */
    public static Verdict<Thumbprint> parse(String text) {
        return isThumbprint(text) ? Verdict.valid(new Thumbprint(text)) : Verdict.refused(Reason.MALFORMED_KID);
    }

    /** Returns the thumbprint of the Ed25519 key whose JWK has this {@code x}. */
    static Thumbprint ofEd25519(String x) {
        String members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
        return new Thumbprint(UnpaddedBase64
                .encodeUrl(Hashes.digest("SHA-256").digest(members.getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isThumbprint(String text) {
        return Base64Url.decode(text, Hashes.SHA256_BYTES).isPresent();
    }
}
