package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;

/**
 * An address of the user's to which the server sends a validation token. Immutable. {@link #toString()} shows the session
 * id only.
 */
public final class PendingAddress {
    private final SessionId sessionId;
    private final TokenOrder order;

    PendingAddress(SessionId sessionId, TokenOrder order) {
        this.sessionId = sessionId;
        this.order = order;
    }

    /** Returns the address. */
    public Address address() {
        return order.address();
    }

    /** Returns the id of the validation session at the server. */
    public SessionId sessionId() {
        return sessionId;
    }

    /** Returns the secret of the validation session. */
    public ClientSecret clientSecret() {
        return order.clientSecret();
    }

    /** Returns how often a token was asked for, at least 1. */
    public int sendAttempt() {
        return order.sendAttempt();
    }

    TokenOrder order() {
        return order;
    }

    /** Returns the form to store, the secret in the clear; {@link #parse} gives it back. */
    public JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder()
                .put("sid", sessionId.value())
                .put("client_secret", order.clientSecret().value())
                .put("medium", order.address().medium().wireName())
                .put("address", order.address().value())
                .put("send_attempt", order.sendAttempt());
        order.country().ifPresent(country -> json.put("country", country));
        return json.build();
    }

    /** Returns the address that {@link #toJson} has written. */
    public static Parsed<PendingAddress> parse(JsonObject stored) {
        Optional<SessionId> sid = stored.string("sid").flatMap(text -> SessionId.parse(text).toOptional());
        Optional<Integer> attempt = stored.integer("send_attempt")
                .filter(n -> n >= 1 && n < Integer.MAX_VALUE)
                .map(Math::toIntExact);
        Optional<TokenOrder> order = attempt.flatMap(n -> TokenOrder.restored(stored, n));
        return sid.isPresent() && order.isPresent()
                ? Parsed.ok(new PendingAddress(sid.get(), order.get()))
                : Parsed.refused("the stored address has no session, or an address that is none");
    }

    @Override
    public String toString() {
        return "PendingAddress[" + sessionId + "]";
    }
}
