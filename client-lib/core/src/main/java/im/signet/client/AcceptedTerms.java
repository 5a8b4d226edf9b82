package im.signet.client;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which texts the user has accepted so far, on whatever server, as the account data {@code m.accepted_terms} keeps it, so
 * that no client asks for the same again. {@link Homeserver} reads and writes it, or the application does. Immutable. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/#terms-of-service">Identity Service API</a>.
 */
public final class AcceptedTerms {
    static final String ACCEPTED = "accepted";

    private final JsonObject content;
    private final Set<String> urls;

    private AcceptedTerms(JsonObject content, Set<String> urls) {
        this.content = content;
        this.urls = Collections.unmodifiableSet(urls);
    }

    /** Returns what a user has accepted who was never asked. */
    public static AcceptedTerms none() {
        return ofAccountData(JsonObject.of());
    }

    /** Returns what {@code content} of {@code m.accepted_terms} says; what is not a list of texts counts as not accepted. */
    public static AcceptedTerms ofAccountData(JsonObject content) {
        Set<String> urls = new LinkedHashSet<>();
        for (Json item : content.array(ACCEPTED).map(JsonArray::items).orElse(List.of())) {
            if (item instanceof JsonString text) {
                urls.add(text.value());
            }
        }
        return new AcceptedTerms(content, urls);
    }

    /** Returns this and what the user accepted with {@code consent}. */
    public AcceptedTerms with(Consent<?> consent) {
        Set<String> more = new LinkedHashSet<>(urls);
        consent.acceptedPolicies().forEach(policy -> more.add(policy.url().toString()));
        return new AcceptedTerms(content, more);
    }

    /** Returns the content to store: all that was there, and what is new behind it. */
    public JsonObject toAccountData() {
        List<Json> items = new ArrayList<>(content.array(ACCEPTED).map(JsonArray::items).orElse(List.of()));
        Set<Json> known = new HashSet<>(items);
        urls.stream().map(JsonString::new).filter(known::add).forEach(items::add);
        return content.with(ACCEPTED, JsonArray.of(items));
    }

    /** Returns whether the user has accepted that very text: the same URL, character for character. */
    boolean contains(PolicyText text) {
        return urls.contains(text.url().toString());
    }

    @Override
    public String toString() {
        return "AcceptedTerms[" + urls.size() + " texts]";
    }
}
