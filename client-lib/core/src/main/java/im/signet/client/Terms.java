package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The terms of one identity server as it stated them, and the only place where a {@link Consent} begins. Immutable. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/#terms-of-service">Identity Service API</a>.
 */
public final class Terms {
    private static final int MAX_KEY = 255;
    private static final int MAX_URL = 2048;

    private final URI server;
    private final List<Policy> policies;

    private Terms(URI server, List<Policy> policies) {
        this.server = server;
        this.policies = Collections.unmodifiableList(policies);
    }

    /** Returns the terms of a server that has none. */
    static Terms none(URI server) {
        return new Terms(server, List.of());
    }

    /** Returns the terms in the answer of {@code GET /terms}; refused when a policy could not be shown to anybody. */
    static Parsed<Terms> parse(URI server, JsonObject answer) {
        Optional<JsonObject> members = answer.object("policies");
        if (!members.isPresent()) {
            return Parsed.refused("the terms have no object 'policies'");
        }
        List<Policy> policies = new ArrayList<>();
        for (Map.Entry<String, Json> member : members.get().members().entrySet()) {
            Optional<Policy> policy = policy(member.getKey(), member.getValue());
            if (!policy.isPresent()) {
                return Parsed.refused("a policy of the terms has no version or no text with a name and a web address");
            }
            policies.add(policy.get());
        }
        return Parsed.ok(new Terms(server, policies));
    }

    /** Returns the base URL of the server whose terms these are. */
    public URI server() {
        return server;
    }

    /** Returns all policies in the server's order; empty when it has none. The list cannot be changed. */
    public List<Policy> policies() {
        return policies;
    }

    /** Returns the policy with that id; empty when there is none. */
    public Optional<Policy> policy(String id) {
        return policies.stream().filter(policy -> policy.id().equals(id)).findFirst();
    }

    /**
     * Returns the policies that are to be shown to a user who has accepted {@code before}, in the server's order: those of
     * which they have accepted no text. The list cannot be changed.
     */
    public List<Policy> outstanding(AcceptedTerms before) {
        return policies.stream()
                .filter(policy -> policy.texts().stream().noneMatch(before::contains))
                .collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList));
    }

    /**
     * Returns a consent to {@code purpose} with no policy accepted so far. Call this when the user has been shown the
     * policies and {@link Purpose#inWords}, and has agreed.
     */
    public <P extends Purpose> Consent.Draft<P> consentTo(P purpose) {
        return new Consent.Draft<>(this, purpose);
    }

    @Override
    public String toString() {
        return "Terms[" + server + ", " + policies.size() + " policies]";
    }

    private static Optional<Policy> policy(String id, Json json) {
        if (id.length() > MAX_KEY || !(json instanceof JsonObject object)) {
            return Optional.empty();
        }
        Optional<String> version = object.string("version").filter(text -> text.length() <= MAX_KEY);
        List<PolicyText> texts = new ArrayList<>();
        // Every other member is a language, known or not; what has another form is a later addition to the format.
        object.without("version").members().forEach((language, text) -> text(language, text).ifPresent(texts::add));
        return version.filter(v -> !texts.isEmpty()).map(v -> new Policy(id, v, texts));
    }

    private static Optional<PolicyText> text(String language, Json json) {
        if (language.length() > MAX_KEY || !(json instanceof JsonObject object)) {
            return Optional.empty();
        }
        Optional<URI> url = object.get("url").flatMap(Terms::webAddress);
        return url.flatMap(u -> object.string("name").map(name -> new PolicyText(language, ShownText.of(name), u)));
    }

    private static Optional<URI> webAddress(Json json) {
        if (!(json instanceof JsonString text) || text.value().length() > MAX_URL) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.value());
            boolean isWeb = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            return isWeb && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
