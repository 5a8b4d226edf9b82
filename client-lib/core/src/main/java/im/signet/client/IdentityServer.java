package im.signet.client;

import im.signet.client.transport.Transport;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The identity server that the user chose. Choosing one sends nothing and permits to read its status and its terms; all else
 * begins with {@link #connect}, for which it takes a {@link Consent}. Nothing is ever sent but during a call of a method,
 * on the thread of its caller. Safe for use by several threads. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/">Identity Service API</a>.
 */
public final class IdentityServer {
    private static final int MAX_VERSION_LENGTH = 64;
    private static final Set<String> NO_SUCH_ENDPOINT = Set.of("M_UNRECOGNIZED", "M_NOT_FOUND");

    private final URI baseUrl;
    private final Wire wire;
    private final ClientOptions options;

    private IdentityServer(URI baseUrl, Transport transport, ClientOptions options) {
        this.baseUrl = baseUrl;
        this.wire = new Wire(baseUrl, transport, options.listener());
        this.options = options;
    }

    /** Returns the server at {@code baseUrl}, with {@link ClientOptions#defaults()}. */
    public static Parsed<IdentityServer> at(URI baseUrl, Transport transport) {
        return at(baseUrl, transport, ClientOptions.defaults());
    }

    /**
     * Returns the server at {@code baseUrl}, the address before {@code /_matrix/identity}; refused when it is not an https
     * address, or http to this machine where the options allow it. Sends nothing.
     */
    public static Parsed<IdentityServer> at(URI baseUrl, Transport transport, ClientOptions options) {
        return BaseUrl.parse(baseUrl, options.isLoopbackHttpAllowed())
                .map(url -> new IdentityServer(url, transport, options));
    }

    /** Returns the address of the server in its one form: lower-cased host, no default port, no slash at the end. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** Returns whether an identity server answers, and which versions of the specification it supports. */
    public Status status() {
        Answer answer = wire.send(Call.get("/versions", Disclosures.STATUS));
        if (answer instanceof Answer.Refusal refusal && refusal.status() == 404) {
            // Before v1.1 of the specification a server could only be pinged.
            Answer ping = wire.send(Call.get("/v2", Disclosures.STATUS));
            return ping instanceof Answer.Ok ? new Status.Available(List.of()) : Answer.failure(ping);
        }
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        Optional<List<String>> versions = ok.body().array("versions").flatMap(IdentityServer::versions);
        return versions.isPresent()
                ? new Status.Available(versions.get())
                : new Failure.Malformed("the answer has no list 'versions' of short texts");
    }

    /** Returns the terms that the server states; a server that does not know of terms has none. */
    public TermsReading terms() {
        Answer answer = wire.send(Call.get("/v2/terms", Disclosures.TERMS));
        if (answer instanceof Answer.Refusal refusal && refusal.status() == 404
                && NO_SUCH_ENDPOINT.contains(refusal.errcode())) {
            return new TermsReading.Read(Terms.none(baseUrl));
        }
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        Parsed<Terms> terms = Terms.parse(baseUrl, ok.body());
        return terms instanceof Parsed.Ok<Terms> read
                ? new TermsReading.Read(read.value())
                : new Failure.Malformed(((Parsed.Refused<Terms>) terms).reason());
    }

    /**
     * Returns a session of the user whom {@code openIdToken} names: registers with it, tells the server which policies
     * {@code consent} accepts, then asks it who the user is. When a later one of these steps fails, the token of the first
     * is given back. Throws an {@link IllegalArgumentException} when the consent is for another server.
     */
    public Connection connect(Consent<?> consent, OpenIdToken openIdToken) {
        requireOwn(consent);
        Answer registered = wire.send(Call.post(
                "/v2/account/register", openIdToken.object(), Disclosures.registration(openIdToken.homeserver())));
        if (!(registered instanceof Answer.Ok ok)) {
            return Answer.failure(registered);
        }
        Optional<AccessToken> token = token(ok.body());
        if (!token.isPresent()) {
            return new Failure.Malformed("the answer to the registration has no usable token");
        }
        Access access = Access.fresh(this, wire, token.get());
        Connection connection = identify(access, consent, user -> user.serverName().equals(openIdToken.homeserver()));
        if (connection instanceof Failure failure && canGiveBack(failure)) {
            // Of no consequence for the caller: what went wrong before is what there is to tell.
            PendingCall.tidyUp(access::logout);
        }
        return connection;
    }

    /**
     * Returns the session that {@link Session#accessToken} was of, so that a user need not log in each time an application
     * starts: asks the server whether it is still {@code user}'s. The policies of {@code consent} are told to the server only
     * when it says that it misses some. Where it wants others accepted before it says whose the token is, there is a session
     * all the same: nobody has to accept anything to leave. {@link Failure.SignedOut} means that the token is worth nothing
     * any more. Throws an {@link IllegalArgumentException} when the consent is for another server.
     */
    public Connection resume(Consent<?> consent, AccessToken token, UserId user) {
        requireOwn(consent);
        Access access = Access.resumed(this, wire, token);
        Connection connection = identify(access, consent, user::equals);
        return connection instanceof Failure.TermsOutstanding
                ? new Connection.Connected(new Session(this, access, user))
                : connection;
    }

    @Override
    public String toString() {
        return "IdentityServer[" + baseUrl + "]";
    }

    /** Throws an {@link IllegalArgumentException} when {@code consent} is for another server. */
    void requireOwn(Consent<?> consent) {
        if (!consent.server().equals(baseUrl)) {
            throw new IllegalArgumentException("the consent is for another server");
        }
    }

    ClientOptions options() {
        return options;
    }

    private Connection identify(Access access, Consent<?> consent, Predicate<UserId> isTheUser) {
        Answer account = access.ask(consent, Call.get("/v2/account", Disclosures.WHO_AM_I));
        if (!(account instanceof Answer.Ok ok)) {
            return Answer.failure(account);
        }
        Optional<UserId> userId = ok.body().string("user_id").flatMap(id -> UserId.parse(id).toOptional());
        if (!userId.isPresent() || !isTheUser.test(userId.get())) {
            return new Failure.Malformed("the server takes the user for somebody else");
        }
        return new Connection.Connected(new Session(this, access, userId.get()));
    }

    private static boolean canGiveBack(Failure failure) {
        return !(failure instanceof Failure.Unreachable || failure instanceof Failure.Vetoed
                || failure instanceof Failure.SignedOut);
    }

    /** Returns {@code token}, or its copy under the name that old servers and clients use. */
    private static Optional<AccessToken> token(JsonObject answer) {
        Optional<String> token = answer.string("token");
        Optional<String> text = token.isPresent() ? token : answer.string("access_token");
        return text.flatMap(t -> AccessToken.parse(t).toOptional());
    }

    private static Optional<List<String>> versions(JsonArray array) {
        List<String> versions = new ArrayList<>();
        for (Json item : array.items()) {
            if (!(item instanceof JsonString text) || text.value().length() > MAX_VERSION_LENGTH) {
                return Optional.empty();
            }
            versions.add(ShownText.of(text.value()));
        }
        return Optional.of(versions);
    }
}
