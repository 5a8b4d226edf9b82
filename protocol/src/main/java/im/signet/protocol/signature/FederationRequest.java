package im.signet.protocol.signature;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;

/**
 * A request between servers, of which a homeserver signs the canonical JSON. See
 * <a href="https://spec.matrix.org/latest/server-server-api/#request-authentication">Server-Server API</a>.
 *
 * @param method  in upper case, as sent
 * @param uri     path and query, as sent
 * @param content the body; empty when there is none
 */
public record FederationRequest(String method, String uri, Optional<JsonObject> content) {
    private static final String SIGNATURES = "signatures";

    /** The name under which the receiver stands in what is signed. */
    public enum Addressing {
        /** As the specification has it. */
        DESTINATION("destination"),
        /** As Synapse has it when it asks an identity server to unbind an address. */
        DESTINATION_IS("destination_is");

        private final String member;

        Addressing(String member) {
            this.member = member;
        }
    }

    /**
     * Returns what {@code origin} signs to send this to {@code destination}. Throws an {@link IllegalArgumentException}
     * when the content is nested as deep as JSON may be, so that nothing can be put around it.
     */
    public JsonObject signable(ServerName origin, Addressing addressing, String destination) {
        JsonObject.Builder request = JsonObject.builder()
                .put("method", method)
                .put("uri", uri)
                .put("origin", origin.value())
                .put(addressing.member, destination);
        content.ifPresent(body -> request.put("content", body));
        return request.build();
    }

    /** Returns what {@code origin} says in {@code Authorization} to send this to {@code destination}. */
    public XMatrix sign(ServerName origin, Addressing addressing, String destination, SigningKey key) {
        String signature = SignedJson.sign(signable(origin, addressing, destination), origin, key)
                .object(SIGNATURES)
                .flatMap(signatures -> signatures.object(origin.value()))
                .flatMap(ofOrigin -> ofOrigin.string(key.id().toString()))
                .orElseThrow(IllegalStateException::new);
        return new XMatrix(origin, Optional.of(destination), key.id(), signature);
    }

    /**
     * Returns whether the signature of {@code header} is by {@code key} over this request to {@code destination}. That
     * the key is the origin's, and that the destination is the receiver, is for the caller to know.
     */
    public boolean isSignedBy(XMatrix header, VerifyKey key, Addressing addressing, String destination) {
        JsonObject ofOrigin = JsonObject.of().with(header.key().toString(), header.signature());
        JsonObject signed = signable(header.origin(), addressing, destination)
                .with(SIGNATURES, JsonObject.of().with(header.origin().value(), ofOrigin));
        return SignedJson.verify(signed, header.origin(), header.key(), key) == SignedJson.Check.VALID;
    }
}
