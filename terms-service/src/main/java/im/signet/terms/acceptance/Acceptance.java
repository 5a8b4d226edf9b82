package im.signet.terms.acceptance;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A user's agreement to one version of a policy.
 *
 * @param id  counts up; null in a new one
 * @param url what the user was shown
 */
@Table(schema = "terms", name = "acceptance")
record Acceptance(@Id @Nullable Long id, String userId, String policy, String version, String language, String url,
        Instant acceptedAt) {

    /** Returns the id of one that the database holds. */
    long requiredId() {
        if (id == null) {
            throw new IllegalStateException("an acceptance without an id");
        }
        return id;
    }
}
