package im.signet.protocol.handle;

import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes keys that are always the same, and envelopes as nobody should write them. */
final class Forge {
    private Forge() {}

    /** Returns the key of that name, always the same. */
    static JwsSigner key(String name) {
        return JwsSigner.fromSeed(Hashes.digest("SHA-256")
                .digest(("signet handles, test key " + name).getBytes(StandardCharsets.UTF_8)));
    }

    static Rnd rnd(String name) {
        byte[] hash = Hashes.digest("SHA-256").digest(("rnd " + name).getBytes(StandardCharsets.UTF_8));
        return new Rnd(Base64Url.encode(Arrays.copyOf(hash, 16)));
    }

    static ProofOfPossession.Nonce nonce(String name) {
        return new ProofOfPossession.Nonce(Base64Url.encode(
                Hashes.digest("SHA-256").digest(("nonce " + name).getBytes(StandardCharsets.UTF_8))));
    }

    static String payload(Jws jws) {
        return new String(jws.payload(), StandardCharsets.UTF_8);
    }

    /** Returns the text of {@code jws} with another payload, signed again. */
    static String resign(Jws jws, UnaryOperator<String> change, JwsSigner... signers) {
        String before = payload(jws);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalStateException("nothing was changed in " + before);
        }
        return sign(jws.type().typ(), after.getBytes(StandardCharsets.UTF_8), signers);
    }

    /** Returns an envelope with headers of that {@code typ}, whatever the payload. */
    static String sign(String typ, byte[] payload, JwsSigner... signers) {
        return sign(payload, Arrays.stream(signers).map(signer -> new Part(header(typ, signer), signer)).toList());
    }

    /** A header as text, and whose signature goes with it. */
    record Part(String header, JwsSigner signer) {}

    static String sign(byte[] payload, List<Part> parts) {
        String encoded = Base64Url.encode(payload);
        List<JsonObject> signatures = new ArrayList<>();
        for (Part part : parts) {
            String header = Base64Url.encode(part.header().getBytes(StandardCharsets.UTF_8));
            byte[] input = (header + "." + encoded).getBytes(StandardCharsets.US_ASCII);
            signatures.add(JsonObject.builder()
                    .put("protected", header)
                    .put("signature", Base64Url.encode(part.signer().sign(input)))
                    .build());
        }
        return StrictJson.write(JsonObject.builder()
                .put("payload", encoded)
                .put("signatures", JsonArray.of(signatures))
                .build());
    }

    static String header(String typ, JwsSigner signer) {
        return "{\"alg\":\"Ed25519\",\"typ\":\"" + typ + "\",\"kid\":\"" + signer.key().thumbprint() + "\"}";
    }

    /** Returns {@code text} with the first {@code what} replaced; fails when there is none. */
    static String replace(String text, String what, String with) {
        int at = text.indexOf(what);
        if (at < 0) {
            throw new IllegalStateException("no " + what + " in " + text);
        }
        return text.substring(0, at) + with + text.substring(at + what.length());
    }
}
