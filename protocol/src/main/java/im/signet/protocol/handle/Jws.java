package im.signet.protocol.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A signed record as it travels: a JWS in JSON General serialization, of which we read exactly one profile
 * ({@code docs/spec/handles.md}, section 2). It holds the exact bytes that were signed, so nothing needs a canonical form.
 * That it could be read says nothing of its signatures: only a check against keys does. Immutable.
 */
public final class Jws {
    /** The greatest size of the text of an envelope, in UTF-8. */
    public static final int MAX_TEXT_BYTES = 24 * 1024;
    /** The greatest size of a payload. */
    public static final int MAX_PAYLOAD_BYTES = 8 * 1024;
    /** The greatest number of signatures. */
    public static final int MAX_SIGNATURES = 20;

    private static final int MAX_DEPTH = 8;
    private static final StrictJson.Limits HEADER_LIMITS = new StrictJson.Limits(MAX_TEXT_BYTES, MAX_DEPTH);
    private static final String ALG = "Ed25519";
    private static final String PAYLOAD = "payload";
    private static final String SIGNATURES = "signatures";
    private static final String PROTECTED = "protected";
    private static final String SIGNATURE = "signature";

    private final RecordType type;
    private final String encodedPayload;
    private final byte[] payload;
    private final List<Signature> signatures;

    private Jws(RecordType type, String encodedPayload, byte[] payload, List<Signature> signatures) {
        this.type = type;
        this.encodedPayload = encodedPayload;
        this.payload = payload;
        this.signatures = List.copyOf(signatures);
    }

    /** One signature: the text of its header, the key that the header names, and 64 bytes. */
    private record Signature(String header, Thumbprint kid, String value) {
        byte[] bytes() {
            return Base64Url.decode(value).orElseThrow(IllegalStateException::new);
        }
    }

    /** Returns the envelope that {@code text} is. */
    public static Verdict<Jws> parse(String text) {
        return Refusal.judge(() -> {
            // Each character has at least one byte, so this settles long texts without reading them.
            Refusal.when(text.length() > MAX_TEXT_BYTES
                    || text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES, Reason.ENVELOPE_TOO_LARGE);
            return read(envelope(StrictJson.parse(text, new StrictJson.Limits(MAX_TEXT_BYTES, MAX_DEPTH))));
        });
    }

    /** Returns the envelope that {@code utf8} is. */
    public static Verdict<Jws> parse(byte[] utf8) {
        return Refusal.judge(() -> {
            Refusal.when(utf8.length > MAX_TEXT_BYTES, Reason.ENVELOPE_TOO_LARGE);
            return read(envelope(StrictJson.parse(utf8, new StrictJson.Limits(MAX_TEXT_BYTES, MAX_DEPTH))));
        });
    }

    /** Returns the envelope that {@code json} is: a part of something larger that {@link StrictJson} read. */
    public static Verdict<Jws> of(Json json) {
        return Refusal.judge(() -> read(json));
    }

    /**
     * Returns the envelope of {@code payload} with the signatures of {@code signers}, in that order. Throws an
     * {@link IllegalArgumentException} when they are none or too many, one of them twice, or the payload too large.
     */
    static Jws sign(RecordType type, byte[] payload, List<JwsSigner> signers) {
        if (payload.length == 0 || payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(Reason.PAYLOAD_TOO_LARGE.words());
        }
        if (signers.isEmpty()) {
            throw new IllegalArgumentException(Reason.SIGNATURE_COUNT.words());
        }
        Jws unsigned = new Jws(type, Base64Url.encode(payload), payload.clone(), List.of());
        return unsigned.signedBy(signers.toArray(new JwsSigner[0]));
    }

    /**
     * Returns the same record with the signatures of {@code signers} added: for keys that lie in different places. Throws
     * an {@link IllegalArgumentException} when they become too many, or one of them has signed already.
     */
    public Jws signedBy(JwsSigner... signers) {
        List<Signature> all = new ArrayList<>(signatures);
        for (JwsSigner signer : signers) {
            Thumbprint kid = signer.key().thumbprint();
            if (all.stream().anyMatch(signature -> signature.kid().equals(kid))) {
                throw new IllegalArgumentException(Reason.DUPLICATE_KID.words());
            }
            String header = StrictJson.write(JsonObject.builder()
                    .put("alg", ALG)
                    .put("typ", type.typ())
                    .put("kid", kid.value())
                    .build());
            String encoded = Base64Url.encode(header.getBytes(StandardCharsets.UTF_8));
            all.add(new Signature(encoded, kid, Base64Url.encode(signer.sign(signingInput(encoded)))));
        }
        if (all.size() > MAX_SIGNATURES) {
            throw new IllegalArgumentException(Reason.SIGNATURE_COUNT.words());
        }
        return new Jws(type, encodedPayload, payload, all);
    }

    /** Returns the envelope as JSON, for what it is a part of. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put(PAYLOAD, encodedPayload)
                .put(SIGNATURES, JsonArray.of(signatures.stream()
                        .map(signature -> JsonObject.builder()
                                .put(PROTECTED, signature.header())
                                .put(SIGNATURE, signature.value())
                                .build())
                        .collect(Collectors.toList())))
                .build();
    }

    /** Returns the envelope as text without blanks; {@link #parse(String)} gives it back. */
    public String toText() {
        return StrictJson.write(toJson());
    }

    /** Returns what kind of record its headers say that it is. */
    public RecordType type() {
        return type;
    }

    /** Returns a copy of the exact bytes that were signed. */
    public byte[] payload() {
        return payload.clone();
    }

    /** Returns the name of the record, which is made of its payload alone. */
    public OpId opId() {
        return OpId.ofPayload(payload);
    }

    /** Returns the names of the keys whose signatures it claims to bear, in order, each once. */
    public List<Thumbprint> kids() {
        return signatures.stream().map(Signature::kid).collect(Collectors.toList());
    }

    /** Returns whether its signature of that name is there and was made by {@code key}. */
    boolean isSignedBy(JwsKey key) {
        for (Signature signature : signatures) {
            if (signature.kid().equals(key.thumbprint())) {
                return key.verifies(signingInput(signature.header()), signature.bytes());
            }
        }
        return false;
    }

    /** Returns the one key that has signed, and that its signature names, of {@code keys}. */
    JwsKey soleSigner(List<JwsKey> keys) throws Refusal {
        JwsKey signer = null;
        for (JwsKey key : keys) {
            signer = key.thumbprint().equals(signatures.get(0).kid()) ? key : signer;
        }
        if (signer == null) {
            throw new Refusal(Reason.UNKNOWN_SIGNER);
        }
        Refusal.when(signatures.size() > 1, Reason.SUPERFLUOUS_SIGNATURE);
        Refusal.when(!isSignedBy(signer), Reason.BAD_SIGNATURE);
        return signer;
    }

    /** Returns the payload as it was signed, in UTF-8 or not. */
    byte[] exactPayload() {
        return payload;
    }

    private byte[] signingInput(String header) {
        return (header + "." + encodedPayload).getBytes(StandardCharsets.US_ASCII);
    }

    private static Json envelope(Parsed<Json> parsed) throws Refusal {
        Refusal.when(!parsed.isOk(), Reason.ENVELOPE_NOT_STRICT_JSON);
        return parsed.orElseThrow();
    }

    private static Jws read(Json json) throws Refusal {
        JsonObject envelope = exactly(json, PAYLOAD, SIGNATURES);
        String encodedPayload = string(envelope, PAYLOAD);
        List<Json> items = envelope.array(SIGNATURES).orElseThrow(() -> new Refusal(Reason.ENVELOPE_SHAPE)).items();
        List<JsonObject> parts = new ArrayList<>();
        for (Json item : items) {
            JsonObject part = exactly(item, PROTECTED, SIGNATURE);
            string(part, PROTECTED);
            string(part, SIGNATURE);
            parts.add(part);
        }
        Refusal.when(parts.isEmpty() || parts.size() > MAX_SIGNATURES, Reason.SIGNATURE_COUNT);
        byte[] payload = bytes(encodedPayload);
        Refusal.when(payload.length > MAX_PAYLOAD_BYTES, Reason.PAYLOAD_TOO_LARGE);

        Optional<RecordType> type = Optional.empty();
        Set<Thumbprint> kids = new HashSet<>();
        List<Signature> signatures = new ArrayList<>();
        for (JsonObject part : parts) {
            String encodedHeader = string(part, PROTECTED);
            JsonObject header = header(bytes(encodedHeader));
            Refusal.when(!string(header, "alg").equals(ALG), Reason.WRONG_ALG);
            Optional<RecordType> typ = RecordType.ofTyp(string(header, "typ"));
            Refusal.when(!typ.isPresent() || (type.isPresent() && !type.equals(typ)), Reason.WRONG_TYP);
            type = typ;
            Thumbprint kid = Thumbprint.parse(string(header, "kid"))
                    .toOptional()
                    .orElseThrow(() -> new Refusal(Reason.MALFORMED_KID));
            Refusal.when(!kids.add(kid), Reason.DUPLICATE_KID);
            String signature = string(part, SIGNATURE);
            Refusal.when(bytes(signature).length != 64, Reason.SIGNATURE_LENGTH);
            signatures.add(new Signature(encodedHeader, kid, signature));
        }
        return new Jws(type.orElseThrow(IllegalStateException::new), encodedPayload, payload, signatures);
    }

    private static JsonObject header(byte[] utf8) throws Refusal {
        Json json = StrictJson.parse(utf8, HEADER_LIMITS)
                .toOptional()
                .orElseThrow(() -> new Refusal(Reason.HEADER_NOT_STRICT_JSON));
        boolean exact = json instanceof JsonObject header && header.members().size() == 3
                && header.string("alg").isPresent() && header.string("typ").isPresent()
                && header.string("kid").isPresent();
        Refusal.when(!exact, Reason.HEADER_SHAPE);
        return (JsonObject) json;
    }

    private static JsonObject exactly(Json json, String one, String other) throws Refusal {
        boolean exact = json instanceof JsonObject object && object.members().size() == 2
                && object.get(one).isPresent() && object.get(other).isPresent();
        Refusal.when(!exact, Reason.ENVELOPE_SHAPE);
        return (JsonObject) json;
    }

    private static String string(JsonObject object, String name) throws Refusal {
        if (object.get(name).orElse(null) instanceof JsonString string) {
            return string.value();
        }
        throw new Refusal(Reason.ENVELOPE_SHAPE);
    }

    private static byte[] bytes(String base64url) throws Refusal {
        return Base64Url.decode(base64url).orElseThrow(() -> new Refusal(Reason.NOT_BASE64URL));
    }

    @Override
    public String toString() {
        return "Jws[" + type + ", " + signatures.size() + " signatures]";
    }
}
