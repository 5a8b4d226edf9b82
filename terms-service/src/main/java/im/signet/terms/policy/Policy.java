package im.signet.terms.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A policy in force.
 *
 * @param id           names the policy, such as {@code privacy_policy}
 * @param version      its version; an acceptance is of a version
 * @param requiredFrom from when on this version must have been accepted; until then, an acceptance of whichever other
 *                     version is as good. Empty: from the beginning
 * @param services     the services that ask for its acceptance, such as {@code identity}; empty: all
 * @param documents    its texts by language, in the order of the settings; never empty
 */
public record Policy(String id, String version, Optional<Instant> requiredFrom, Set<String> services,
        Map<String, Document> documents) {

    /** The longest URL that a document has, and that a user can accept. */
    public static final int MAX_URL_LENGTH = 2048;

    /** Keeps copies. */
    public Policy {
        services = Set.copyOf(services);
        documents = Collections.unmodifiableMap(new LinkedHashMap<>(documents));
    }

    /** Returns whether this very version must have been accepted by now. */
    public boolean isRequiredAt(Instant now) {
        return requiredFrom.map(from -> !now.isBefore(from)).orElse(true);
    }

    /** Returns whether a service asks for its acceptance. */
    public boolean isRequiredBy(String service) {
        return services.isEmpty() || services.contains(service);
    }

    /**
     * One language of a policy.
     *
     * @param name what it is called in that language
     * @param url  where its text is; it holds policy, version and language, as clients know what was accepted by its URL
     */
    public record Document(String name, String url) {}
}
