package im.signet.client;

import im.signet.client.transport.Method;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A token, the policies that were accepted with it, and the rule that nothing is asked before they were. Where the token is
 * from an earlier session, the server was told then, and is told again only if it says that it was not.
 */
final class Access {
    private static final Set<String> TERMS_NOT_SIGNED = Set.of("M_TERMS_NOT_SIGNED", "TERMS_NOT_SIGNED");

    private final IdentityServer server;
    private final Wire wire;
    private final AccessToken token;
    private final Set<URI> accepted = ConcurrentHashMap.newKeySet();
    private volatile boolean toldEarlier;
    private volatile boolean ended;

    private Access(IdentityServer server, Wire wire, AccessToken token, boolean toldEarlier) {
        this.server = server;
        this.wire = wire;
        this.token = token;
        this.toldEarlier = toldEarlier;
    }

    /** Returns the access by a token that nothing was accepted with so far. */
    static Access fresh(IdentityServer server, Wire wire, AccessToken token) {
        return new Access(server, wire, token, false);
    }

    /** Returns the access by a token of an earlier session. */
    static Access resumed(IdentityServer server, Wire wire, AccessToken token) {
        return new Access(server, wire, token, true);
    }

    AccessToken token() {
        return token;
    }

    /** Returns the answer to {@code call}, sent after the server was told of every policy of {@code consent}. */
    Answer ask(Consent<?> consent, Call call) {
        return ask(wire, consent, call);
    }

    /** Returns the answer of {@code other}, sent after the server was told of every policy of {@code consent}. */
    Answer ask(Wire other, Consent<?> consent, Call call) {
        server.requireOwn(consent);
        if (ended) {
            return new Answer.Broken(new Failure.SignedOut("this session was logged out"));
        }
        if (toldEarlier) {
            Answer answer = other.send(call, token);
            if (!isForTerms(answer)) {
                return answer;
            }
            toldEarlier = false;
        }
        Answer agreed = agreeTo(consent);
        return agreed instanceof Answer.Ok ? send(other, call) : agreed;
    }

    /** Returns the answer of {@code other} to a call for which no terms need to be accepted. */
    Answer askWithoutTerms(Wire other, Call call) {
        return ended
                ? new Answer.Broken(new Failure.SignedOut("this session was logged out"))
                : send(other, call);
    }

    /**
     * Returns the answer of a homeserver to a call with which it is given the token, sent after the server was told of every
     * policy of {@code consent}. What the server refuses, the homeserver passes on.
     */
    Answer askThrough(Homeserver homeserver, Consent<?> consent, Call call) {
        server.requireOwn(consent);
        if (ended) {
            return new Answer.Broken(new Failure.SignedOut("this session was logged out"));
        }
        Answer agreed = agreeTo(consent);
        if (!(agreed instanceof Answer.Ok)) {
            return agreed;
        }
        Answer answer = homeserver.send(call);
        // A homeserver says M_UNKNOWN_TOKEN of its own tokens.
        return answer instanceof Answer.Refusal refusal && refusal.status() == 401
                && refusal.errcode().equals("M_UNAUTHORIZED")
                        ? new Answer.Broken(new Failure.SignedOut(refusal.message()))
                        : withTerms(answer);
    }

    /** Returns the way to another server. */
    Wire wireTo(URI other, StrictJson.Limits limits) {
        return wire.to(other, limits);
    }

    /** Returns the answer to {@code call}, which anybody may send. */
    Answer askAnonymously(Call call) {
        return wire.send(call);
    }

    /** Tells the server of every policy of {@code consent} that it was not told of. */
    Acceptance acceptTerms(Consent<?> consent) {
        server.requireOwn(consent);
        if (ended) {
            return new Failure.SignedOut("this session was logged out");
        }
        Answer answer = agreeTo(consent);
        return answer instanceof Answer.Ok ? new Acceptance.Accepted() : Answer.failure(answer);
    }

    /** Asks for a link to the overview. */
    OverviewLink overviewLink() {
        Answer answer = askWithoutTerms(wire, Call.signet(Method.POST, "/_signet/terms/manage", Disclosures.OVERVIEW));
        if (answer instanceof Answer.Refusal refusal && refusal.status() == 404) {
            return new OverviewLink.NotOffered();
        }
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        Optional<URI> url = ok.body().string("url").flatMap(Access::webAddress);
        Optional<Duration> life = ok.body().integer("expires_in_ms").filter(ms -> ms > 0).map(Duration::ofMillis);
        return url.isPresent() && life.isPresent()
                ? new OverviewLink.Link(url.get(), life.get())
                : new Failure.Malformed("the answer has no usable link");
    }

    private static Optional<URI> webAddress(String text) {
        try {
            URI url = new URI(text);
            boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return isWeb && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Ends the token at the server. A server that does not know it any more has nothing to end. */
    Logout logout() {
        if (ended) {
            return new Logout.LoggedOut();
        }
        Answer answer = wire.send(Call.post("/v2/account/logout", Disclosures.LOGOUT), token);
        boolean isGone = answer instanceof Answer.Ok
                || (answer instanceof Answer.Broken broken && broken.failure() instanceof Failure.SignedOut);
        if (!isGone) {
            return Answer.failure(answer);
        }
        ended = true;
        return new Logout.LoggedOut();
    }

    private Answer agreeTo(Consent<?> consent) {
        List<AcceptedPolicy> news = consent.acceptedPolicies()
                .stream()
                .filter(policy -> !accepted.contains(policy.url()))
                .collect(Collectors.toList());
        if (news.isEmpty()) {
            return new Answer.Ok(JsonObject.of());
        }
        List<String> urls = news.stream().map(policy -> policy.url().toString()).collect(Collectors.toList());
        JsonObject body = JsonObject.builder().put("user_accepts", JsonArray.ofStrings(urls)).build();
        Answer answer = send(Call.post("/v2/terms", body, Disclosures.acceptance(news)));
        if (answer instanceof Answer.Ok) {
            news.forEach(policy -> accepted.add(policy.url()));
        }
        return answer;
    }

    private Answer send(Call call) {
        return send(wire, call);
    }

    private Answer send(Wire to, Call call) {
        return withTerms(to.send(call, token));
    }

    /** Returns an answer that says which terms are outstanding in place of one that says that some are. */
    private Answer withTerms(Answer answer) {
        return answer instanceof Answer.Refusal refusal && isForTerms(refusal)
                ? new Answer.Broken(outstanding().orElse(refusal.asFailure()))
                : answer;
    }

    private static boolean isForTerms(Answer answer) {
        return answer instanceof Answer.Refusal refusal && TERMS_NOT_SIGNED.contains(refusal.errcode());
    }

    /** Returns which terms the server may mean; empty when it does not state any. */
    private Optional<Failure> outstanding() {
        if (!(server.terms() instanceof TermsReading.Read read) || read.terms().policies().isEmpty()) {
            return Optional.empty();
        }
        List<Policy> all = read.terms().policies();
        List<Policy> missing = all.stream()
                .filter(policy -> policy.texts().stream().noneMatch(text -> accepted.contains(text.url())))
                .collect(Collectors.toList());
        // The server may have forgotten: then each of them has to be accepted again.
        if (missing.isEmpty()) {
            accepted.clear();
        }
        return Optional.of(new Failure.TermsOutstanding(read.terms(), missing.isEmpty() ? all : missing));
    }
}
