package im.signet.terms.policy;

import java.util.List;
import java.util.Optional;

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

    /** A document that a URL names. */
    public record Named(Policy policy, String language) {}

    /** Returns which policy in force, and which language of it, has this URL; empty when none has. */
    public Optional<Named> byUrl(String url) {
        return inForce.stream()
                .flatMap(policy -> policy.documents()
                        .entrySet()
                        .stream()
                        .filter(document -> document.getValue().url().equals(url))
                        .map(document -> new Named(policy, document.getKey())))
                .findFirst();
    }
}
