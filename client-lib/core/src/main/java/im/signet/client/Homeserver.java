package im.signet.client;

import im.signet.client.transport.Method;
import im.signet.client.transport.Transport;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.util.Optional;

/**
 * The homeserver of a user who is logged in there, as far as identity servers are concerned: it vouches for the user, keeps
 * which terms they accepted, and binds their addresses on their behalf. What it answers is read as strictly as what any
 * server does. Nothing is ever sent but during a call of a method. Safe for use by several threads. See
 * <a href="https://spec.matrix.org/latest/client-server-api/">Client-Server API</a>.
 */
public final class Homeserver {
    private static final String WELL_KNOWN_MEMBER = "m.homeserver";
    private static final String ACCEPTED_TERMS = "m.accepted_terms";

    private final URI baseUrl;
    private final UserId userId;
    private final AccessToken token;
    private final Wire wire;

    private Homeserver(URI baseUrl, UserId userId, AccessToken token, Transport transport, ClientOptions options) {
        this.baseUrl = baseUrl;
        this.userId = userId;
        this.token = token;
        this.wire = new Wire(baseUrl, transport, options.listener());
    }

    /** Returns where the homeserver of that name is, with {@link ClientOptions#defaults()}. */
    public static HomeserverReading find(ServerName name, Transport transport) {
        return find(name, transport, ClientOptions.defaults());
    }

    /**
     * Returns where the homeserver of that name is: what its host says at {@code https://HOST/.well-known/matrix/client},
     * when a homeserver answers there. Two requests are sent; neither says who asks.
     */
    public static HomeserverReading find(ServerName name, Transport transport, ClientOptions options) {
        Answer document = WellKnown.ask(name, transport, options, Disclosures.homeserverSought(name));
        if (Answer.isNotFound(document)) {
            return new HomeserverReading.Nothing();
        }
        if (!(document instanceof Answer.Ok ok)) {
            return Answer.failure(document);
        }
        if (!(WellKnown.baseUrl(ok.body(), WELL_KNOWN_MEMBER) instanceof Parsed.Ok<URI> named)) {
            return new Failure.Malformed("the host of the homeserver names no https address of it");
        }
        Answer versions = new Wire(named.value(), transport, options.listener())
                .send(Call.readClient("/versions", Disclosures.homeserverStatus(named.value())));
        if (!(versions instanceof Answer.Ok answered)) {
            return Answer.failure(versions);
        }
        return answered.body().array("versions").isPresent()
                ? new HomeserverReading.Found(named.value())
                : new Failure.Malformed("what answers at the address of the homeserver is none");
    }

    /** Returns the homeserver at {@code baseUrl}, with {@link ClientOptions#defaults()}. */
    public static Parsed<Homeserver> at(URI baseUrl, UserId userId, AccessToken token, Transport transport) {
        return at(baseUrl, userId, token, transport, ClientOptions.defaults());
    }

    /**
     * Returns the homeserver at {@code baseUrl}, the address before {@code /_matrix/client}, as it is for {@code userId},
     * whose access token there {@code token} is; refused when that is not an https address, or http to this machine where
     * the options allow it. Sends nothing. The listener of these options sees what is sent to the homeserver.
     */
    public static Parsed<Homeserver> at(URI baseUrl, UserId userId, AccessToken token, Transport transport,
            ClientOptions options) {
        return BaseUrl.parse(baseUrl, options.isLoopbackHttpAllowed())
                .map(url -> new Homeserver(url, userId, token, transport, options));
    }

    /** Returns its address in one form: lower-cased host, no default port, no slash at the end. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** Returns whose homeserver it is. */
    public UserId userId() {
        return userId;
    }

    /** Returns whether the homeserver takes the access token for the user's. */
    public WhoAmI whoAmI() {
        Answer answer = send(Call.readClient("/v3/account/whoami", Disclosures.WHOSE_TOKEN));
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        Optional<UserId> named = ok.body().string("user_id").flatMap(id -> UserId.parse(id).toOptional());
        if (!named.isPresent()) {
            return new Failure.Malformed("the homeserver does not say whose access token it is");
        }
        return named.get().equals(userId) ? new WhoAmI.Self() : new WhoAmI.SomebodyElse(named.get());
    }

    /** Returns a new token by which an identity server can ask the homeserver who the user is. */
    public OpenIdReading openId() {
        Answer answer = send(Call.writeClient(Method.POST, ofUser("openid/request_token"), JsonObject.of(),
                Disclosures.openId(userId.serverName())));
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        Optional<OpenIdToken> openId = OpenIdToken.parse(ok.body())
                .toOptional()
                .filter(read -> read.homeserver().equals(userId.serverName()));
        return openId.isPresent()
                ? new OpenIdReading.Read(openId.get())
                : new Failure.Malformed("the answer is no OpenID token of the user's homeserver");
    }

    /** Returns which terms the user has accepted so far, of whatever server, for {@link Terms#outstanding}. */
    public AcceptedTermsReading acceptedTerms() {
        Answer answer = accountData();
        return answer instanceof Answer.Ok ok
                ? new AcceptedTermsReading.Read(AcceptedTerms.ofAccountData(ok.body()))
                : Answer.failure(answer);
    }

    /**
     * Returns whether the homeserver keeps, for all clients of the user, that they accepted the policies of {@code consent}.
     * What it keeps already is read first and stays as it is; where that is everything, nothing is written. Another client
     * that writes between the two is overwritten: account data cannot be changed in one step.
     */
    public AcceptedTermsUpdate keepAccepted(Consent<?> consent) {
        Answer answer = accountData();
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        boolean isReadable = !ok.body().get(AcceptedTerms.ACCEPTED).isPresent()
                || ok.body().get(AcceptedTerms.ACCEPTED).get() instanceof JsonArray;
        if (!isReadable) {
            return new Failure.Malformed(
                    "what the homeserver keeps of accepted terms is no list; it was left as it is");
        }
        AcceptedTerms now = AcceptedTerms.ofAccountData(ok.body()).with(consent);
        JsonObject content = now.toAccountData();
        if (consent.acceptedPolicies().isEmpty() || content.equals(ok.body())) {
            return new AcceptedTermsUpdate.Kept(now);
        }
        Answer written = send(Call.writeClient(Method.PUT, ofUser("account_data/" + ACCEPTED_TERMS), content,
                Disclosures.acceptanceKept(userId.serverName(), consent.acceptedPolicies())));
        return written instanceof Answer.Ok ? new AcceptedTermsUpdate.Kept(now) : Answer.failure(written);
    }

    /**
     * Returns whether the homeserver had the identity server of {@code consent} take back that {@code address} belongs to the
     * user. It takes neither a session nor a proof: the homeserver signs for its user. Nobody has to accept anything to
     * leave, so no policies are sent.
     */
    public HomeserverUnbinding unbind(Consent<Purpose.PublishAddress> consent, Address address) {
        JsonObject body = JsonObject.builder()
                .put("id_server", idServer(consent.server()))
                .put("medium", address.medium().wireName())
                .put("address", address.value())
                .build();
        Answer answer = send(Call.writeClient(Method.POST, "/v3/account/3pid/unbind", body,
                Disclosures.unbindingThrough(userId.serverName(), consent.server(), address)));
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        return switch (ok.body().string("id_server_unbind_result").orElse("")) {
            case "success" -> new HomeserverUnbinding.Unbound();
            case "no-support" -> new HomeserverUnbinding.NotSupported();
            default -> new Failure.Malformed("the homeserver does not say what came of it");
        };
    }

    @Override
    public String toString() {
        return "Homeserver[" + userId + " at " + baseUrl + "]";
    }

    Answer send(Call call) {
        return wire.sendToHomeserver(call, token);
    }

    /** Returns an identity server as homeservers have it: its address without the scheme, which is https for them. */
    static String idServer(URI identityServer) {
        return identityServer.getRawAuthority() + identityServer.getRawPath();
    }

    /** Returns what the homeserver keeps of accepted terms, which is an empty object when it keeps nothing. */
    private Answer accountData() {
        Answer answer = send(
                Call.readClient(ofUser("account_data/" + ACCEPTED_TERMS), Disclosures.KEPT_ACCEPTANCE));
        // Any other 404 may be that of a gateway: what is behind it must not be written over.
        return answer instanceof Answer.Refusal refusal && refusal.status() == 404
                && refusal.errcode().equals("M_NOT_FOUND")
                        ? new Answer.Ok(JsonObject.of())
                        : answer;
    }

    private String ofUser(String what) {
        return "/v3/user/" + Call.encode(userId.value()) + "/" + what;
    }
}
