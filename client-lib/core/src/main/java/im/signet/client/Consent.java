package im.signet.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user agreed to: one server, one purpose, and policies of that server in the versions they were shown. There is no
 * other way to a consent than {@link Terms#consentTo}, and no other way than a consent to anything but a server's status
 * and terms. Immutable.
 *
 * @param <P> the purpose
 */
public final class Consent<P extends Purpose> {
    private final URI server;
    private final P purpose;
    private final List<AcceptedPolicy> acceptedPolicies;

    private Consent(URI server, P purpose, Collection<AcceptedPolicy> acceptedPolicies) {
        this.server = server;
        this.purpose = purpose;
        this.acceptedPolicies = Collections.unmodifiableList(new ArrayList<>(acceptedPolicies));
    }

    /** Returns the base URL of the server that the user chose. */
    public URI server() {
        return server;
    }

    /** Returns what the user agreed to. */
    public P purpose() {
        return purpose;
    }

    /** Returns the policies that the user accepted, maybe none; the list cannot be changed. */
    public List<AcceptedPolicy> acceptedPolicies() {
        return acceptedPolicies;
    }

    @Override
    public String toString() {
        return "Consent[" + server + ", " + purpose.getClass().getSimpleName() + ", " + acceptedPolicies.size()
                + " policies]";
    }

    /**
     * A consent that is not given yet: the application adds each policy that the user accepts. Not for use by several
     * threads.
     *
     * @param <P> the purpose
     */
    public static final class Draft<P extends Purpose> {
        private final Terms terms;
        private final P purpose;
        private final Map<String, AcceptedPolicy> accepted = new LinkedHashMap<>();

        Draft(Terms terms, P purpose) {
            this.terms = terms;
            this.purpose = purpose;
        }

        /**
         * Adds a policy that the user accepts and the language in which they read it; a second language replaces the first.
         * Throws an {@link IllegalArgumentException} when the policy is not one of these terms, or not in that language.
         */
        public Draft<P> accept(Policy policy, String language) {
            if (!terms.policies().contains(policy)) {
                throw new IllegalArgumentException("the policy is not one of the terms that the consent begins with");
            }
            PolicyText text = policy.text(language)
                    .orElseThrow(() -> new IllegalArgumentException("the policy is not offered in that language"));
            accepted.put(policy.id(), new AcceptedPolicy(policy.id(), policy.version(), language, text.url()));
            return this;
        }

        /**
         * Adds the policies of which the user accepted a text earlier, on this server or another; {@link Terms#outstanding}
         * are the others. What this draft has already stays as it is.
         */
        public Draft<P> acceptedBefore(AcceptedTerms before) {
            for (Policy policy : terms.policies()) {
                policy.texts()
                        .stream()
                        .filter(before::contains)
                        .findFirst()
                        .ifPresent(text -> accepted.putIfAbsent(policy.id(), new AcceptedPolicy(policy.id(),
                                policy.version(), text.language(), text.url())));
            }
            return this;
        }

        /** Returns the consent. A server decides itself which of its policies it insists on. */
        public Consent<P> give() {
            return new Consent<>(terms.server(), purpose, accepted.values());
        }
    }
}
