package im.signet.terms.acceptance;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A user's agreement to one version of a policy.
 *
 * @param id           counts up; null in a new one
 * @param url          what the user was shown
 * @param withdrawalId by which withdrawal it ended; null while it counts
 */
@Table(schema = "terms", name = "acceptance")
public record Acceptance(@Id @Nullable Long id, String userId, String policy, String version, String language,
        String url, Instant acceptedAt, @Nullable Long withdrawalId) {

    /** Returns whether the user has taken it back. */
    public boolean isWithdrawn() {
        return withdrawalId != null;
    }

    /** Returns the id of one that the database holds. */
    long requiredId() {
        if (id == null) {
            throw new IllegalStateException("an acceptance without an id");
        }
        return id;
    }
}
