package im.signet.protocol.signature;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.CanonicalJson;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.util.Optional;

/** Objects that servers signed. See <a href="https://spec.matrix.org/latest/appendices/#signing-json">Matrix appendices</a>. */
public final class SignedJson {
    private static final String SIGNATURES = "signatures";
    private static final String UNSIGNED = "unsigned";

    private SignedJson() {}

    /** What came of checking the signature of a server by one of its keys. */
    public enum Check {
        /** The signature is there and the key made it. */
        VALID,
        /** The object has no signature of that server by that key. */
        MISSING,
        /** What stands in the signature's place was not made by the key for this object. */
        INVALID
    }

    /**
     * Returns {@code object} with the signature of {@code signer} added; {@code unsigned} and other signatures stay.
     * Throws an {@link IllegalArgumentException} when the object has no canonical form or holds no object in the place of
     * signatures.
     */
    public static JsonObject sign(JsonObject object, ServerName signer, SigningKey key) {
        byte[] signature = key.sign(signedBytes(object).orElseThrow());
        JsonObject signatures = objectOrNew(object, SIGNATURES);
        JsonObject ofSigner = objectOrNew(signatures, signer.value())
                .with(key.id().toString(), UnpaddedBase64.encode(signature));
        return object.with(SIGNATURES, signatures.with(signer.value(), ofSigner));
    }

    /** Returns whether {@code object} bears a signature of {@code signer} by the key of that name; never throws. */
    public static Check verify(JsonObject object, ServerName signer, KeyId keyId, VerifyKey key) {
        Optional<Json> signature = object.object(SIGNATURES)
                .flatMap(signatures -> signatures.object(signer.value()))
                .flatMap(ofSigner -> ofSigner.get(keyId.toString()));
        if (!signature.isPresent()) {
            return Check.MISSING;
        }
        boolean valid = keyId.algorithm().equals(KeyId.ED25519) && isSignatureOf(object, signature.get(), key);
        return valid ? Check.VALID : Check.INVALID;
    }

    private static boolean isSignatureOf(JsonObject object, Json signature, VerifyKey key) {
        return signature instanceof JsonString text && UnpaddedBase64.decode(text.value())
                .flatMap(bytes -> signedBytes(object).map(message -> key.verifies(message, bytes)))
                .toOptional()
                .orElse(false);
    }

    private static Parsed<byte[]> signedBytes(JsonObject object) {
        return CanonicalJson.encode(object.without(SIGNATURES, UNSIGNED));
    }

    private static JsonObject objectOrNew(JsonObject parent, String name) {
        Optional<Json> member = parent.get(name);
        if (!member.isPresent()) {
            return JsonObject.of();
        }
        if (member.get() instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("what stands in the place of signatures is not an object");
    }
}
