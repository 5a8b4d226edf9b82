package im.signet.terms.policy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The policies in force. */
public final class Policies {

    private final List<Policy> inForce;

    Policies(List<Policy> inForce) {
        this.inForce = List.copyOf(inForce);
    }

    /** Returns the policies that users must have accepted; empty when the operator has none. */
    public List<Policy> inForce() {
        return inForce;
    }

    /** Returns the policy in force that has this id. */
    Optional<Policy> find(String id) {
        return inForce.stream().filter(policy -> policy.id().equals(id)).findFirst();
    }

    /** A document of a policy in force. */
    public record Named(Policy policy, String language, String url) {}

    /** Returns the documents in force that have one of these URLs, always in the same order. */
    public List<Named> withUrls(Collection<String> urls) {
        Set<String> wanted = Set.copyOf(urls);
        return inForce.stream()
                .flatMap(policy -> policy.documents()
                        .entrySet()
                        .stream()
                        .map(document -> new Named(policy, document.getKey(), document.getValue().url())))
                .filter(document -> wanted.contains(document.url()))
                .toList();
    }
}
