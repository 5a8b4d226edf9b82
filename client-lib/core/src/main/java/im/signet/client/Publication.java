package im.signet.client;

import im.signet.client.transport.Method;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/**
 * Publishes the user's own addresses: proves that an address is theirs, then binds it to their Matrix ID. Safe for use by
 * several threads. See <a href="https://spec.matrix.org/latest/identity-service-api/#establishing-associations">Identity
 * Service API</a>.
 */
public final class Publication {
    private static final int SECRET_BYTES = 32;
    private static final String SESSION_EXPIRED = "M_SESSION_EXPIRED";
    private static final String NO_VALID_SESSION = "M_NO_VALID_SESSION";
    private static final String SESSION_NOT_VALIDATED = "M_SESSION_NOT_VALIDATED";

    private final Access access;
    private final Consent<Purpose.PublishAddress> consent;
    private final UserId userId;
    private final SecureRandom random;

    Publication(Access access, Consent<Purpose.PublishAddress> consent, UserId userId, SecureRandom random) {
        this.access = access;
        this.consent = consent;
        this.userId = userId;
        this.random = random;
    }

    /**
     * Returns whether the server sends a mail with a token to {@code email}. Throws an {@link IllegalArgumentException} when
     * it is not an e-mail address.
     */
    public TokenRequest requestEmailToken(Address email) {
        return requestToken(TokenOrder.email(email, newSecret()));
    }

    /**
     * Returns whether the server sends a message with a code to {@code phone}, a number with its country code, which the
     * user then types. Throws an {@link IllegalArgumentException} when it is not a phone number, or the country not two
     * upper-case letters.
     *
     * @param country the country from which the number is dialled (ISO 3166-1), which the server asks for but does not need:
     *                that of the phone, or the one that the user chose
     */
    public TokenRequest requestPhoneToken(Address phone, String country) {
        return requestToken(TokenOrder.phone(phone, country, newSecret()));
    }

    /** Returns whether the server sends the message once more, for the user who did not get it. */
    public TokenRequest requestAgain(PendingAddress pending) {
        return requestToken(pending.order().again());
    }

    /** Returns whether {@code token}, typed by the user, is the one that was sent. Links in messages do the same by themselves. */
    public TokenCheck submitToken(PendingAddress pending, String token) {
        JsonObject body = credentials(pending.sessionId(), pending.clientSecret()).put("token", token).build();
        Answer answer = access.ask(consent, Call.post(
                path(pending.address(), "submitToken"), body, Disclosures.tokenSubmission(pending.address())));
        if (answer instanceof Answer.Ok ok) {
            Optional<Boolean> success = ok.body().bool("success");
            if (!success.isPresent()) {
                return new Failure.Malformed("the answer to the token does not say whether it was right");
            }
            // Servers of before v1.18 answer 200 to a wrong token, some with the errcode beside.
            return success.get()
                    ? new TokenCheck.Correct()
                    : wrongToken(ok.body().string("errcode").orElse("")).orElse(new TokenCheck.Wrong());
        }
        return answer instanceof Answer.Refusal refusal
                ? wrongToken(refusal.errcode()).orElse(refusal.asFailure())
                : Answer.failure(answer);
    }

    /** Returns whether the address is validated by now, by its token or by the link in the message. */
    public Proof proof(PendingAddress pending) {
        Call call = Call.get("/v2/3pid/getValidated3pid", Disclosures.proof(pending.address()))
                .with("sid", pending.sessionId().value())
                .withSecret("client_secret", pending.clientSecret().value());
        Answer answer = access.ask(consent, call);
        if (answer instanceof Answer.Ok ok) {
            return proven(pending, ok.body());
        }
        if (!(answer instanceof Answer.Refusal refusal)) {
            return Answer.failure(answer);
        }
        return switch (refusal.errcode()) {
            case SESSION_NOT_VALIDATED -> new Proof.NotYet();
            case SESSION_EXPIRED -> new Proof.Expired();
            case NO_VALID_SESSION -> new Proof.UnknownSession();
            default -> refusal.asFailure();
        };
    }

    /**
     * Returns whether {@code address} is bound to the Matrix ID of the session's user, so that others find them by it. The
     * server's signature is verified with the key that it publishes.
     */
    public Binding bind(ProvenAddress address) {
        JsonObject body = credentials(address.sessionId(), address.clientSecret()).put("mxid", userId.value()).build();
        Answer answer = access.ask(
                consent, Call.post("/v2/3pid/bind", body, Disclosures.binding(address.address(), userId)));
        if (answer instanceof Answer.Ok ok) {
            return new AssociationCheck(access).check(ok.body(), address.address(), userId);
        }
        if (!(answer instanceof Answer.Refusal refusal)) {
            return Answer.failure(answer);
        }
        return switch (refusal.errcode()) {
            case SESSION_NOT_VALIDATED, SESSION_EXPIRED, NO_VALID_SESSION -> new Binding.NotProven();
            default -> refusal.asFailure();
        };
    }

    /**
     * Returns whether {@code homeserver} bound {@code address} to the Matrix ID of the session's user, so that others find
     * them by it. For that it is given the token of this session, by which it can act as the user at the identity server; it
     * vouches for the user, so it could do that before. Homeservers ask the identity server over https only. What is bound so,
     * the homeserver takes back when the user leaves it, and {@link Homeserver#unbind} at any time. Throws an
     * {@link IllegalArgumentException} when it is the homeserver of another user.
     */
    public HomeserverBinding bindThrough(Homeserver homeserver, ProvenAddress address) {
        if (!homeserver.userId().equals(userId)) {
            throw new IllegalArgumentException("the homeserver is that of another user");
        }
        JsonObject body = credentials(address.sessionId(), address.clientSecret())
                .put("id_server", Homeserver.idServer(consent.server()))
                .put("id_access_token", access.token().reveal())
                .build();
        Answer answer = access.askThrough(homeserver, consent, Call.writeClient(Method.POST, "/v3/account/3pid/bind",
                body, Disclosures.bindingThrough(userId.serverName(), consent.server(), address.address(), userId)));
        if (answer instanceof Answer.Ok) {
            return new HomeserverBinding.Bound();
        }
        if (!(answer instanceof Answer.Refusal refusal)) {
            return Answer.failure(answer);
        }
        return switch (refusal.errcode()) {
            case SESSION_NOT_VALIDATED, SESSION_EXPIRED, NO_VALID_SESSION, "M_THREEPID_AUTH_FAILED" ->
                new HomeserverBinding.NotProven();
            case "M_SERVER_NOT_TRUSTED" -> new HomeserverBinding.NotTrusted();
            default -> refusal.asFailure();
        };
    }

    /** Returns whether the binding of {@code address} to the session's user is gone, if there was one. */
    public Unbinding unbind(ProvenAddress address) {
        JsonObject threepid = JsonObject.builder()
                .put("medium", address.address().medium().wireName())
                .put("address", address.address().value())
                .build();
        JsonObject body = credentials(address.sessionId(), address.clientSecret())
                .put("mxid", userId.value())
                .put("threepid", threepid)
                .build();
        Answer answer = access.ask(
                consent, Call.post("/v2/3pid/unbind", body, Disclosures.unbinding(address.address(), userId)));
        return answer instanceof Answer.Ok ? new Unbinding.Unbound() : Answer.failure(answer);
    }

    private ClientSecret newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return ClientSecret.of(UnpaddedBase64.encodeUrl(secret));
    }

    private static String path(Address address, String endpoint) {
        return "/v2/validate/" + address.medium().wireName() + "/" + endpoint;
    }

    private TokenRequest requestToken(TokenOrder order) {
        Answer answer = access.ask(consent, Call.post(
                path(order.address(), "requestToken"), order.body(), Disclosures.tokenRequest(order.address())));
        if (answer instanceof Answer.Ok ok) {
            Optional<SessionId> sid = ok.body().string("sid").flatMap(text -> SessionId.parse(text).toOptional());
            return sid.isPresent()
                    ? new TokenRequest.Sent(new PendingAddress(sid.get(), order))
                    : new Failure.Malformed("the answer to the request for a token has no usable 'sid'");
        }
        if (!(answer instanceof Answer.Refusal refusal)) {
            return Answer.failure(answer);
        }
        return switch (refusal.errcode()) {
            case "M_INVALID_EMAIL", "M_INVALID_ADDRESS", "M_DESTINATION_REJECTED" ->
                new TokenRequest.AddressRefused(refusal.message());
            case "M_EMAIL_SEND_ERROR", "M_SEND_ERROR" -> new TokenRequest.NotSent(refusal.message());
            default -> refusal.asFailure();
        };
    }

    private static Optional<TokenCheck> wrongToken(String errcode) {
        return switch (errcode) {
            case "M_TOKEN_INCORRECT" -> Optional.of(new TokenCheck.Wrong());
            case SESSION_EXPIRED -> Optional.of(new TokenCheck.Expired());
            case NO_VALID_SESSION -> Optional.of(new TokenCheck.UnknownSession());
            default -> Optional.empty();
        };
    }

    private static Proof proven(PendingAddress pending, JsonObject answer) {
        Optional<Long> validatedAt = answer.integer("validated_at");
        Parsed<Address> address = AssociationCheck.address(answer);
        if (!validatedAt.isPresent() || !address.toOptional().equals(Optional.of(pending.address()))) {
            return new Failure.Malformed("the answer does not say when this address was validated");
        }
        return new Proof.Proven(new ProvenAddress(pending, Instant.ofEpochMilli(validatedAt.get())));
    }

    private static JsonObject.Builder credentials(SessionId sessionId, ClientSecret clientSecret) {
        return JsonObject.builder().put("sid", sessionId.value()).put("client_secret", clientSecret.value());
    }
}
