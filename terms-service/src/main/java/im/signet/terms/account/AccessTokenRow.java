package im.signet.terms.account;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A live access token as the database holds it: by its hash.
 *
 * @param id     the 16 random bytes by which its user names it
 * @param usedAt null for a token that was not used since its table has this column
 */
@Table(schema = "terms", name = "access_token")
@SuppressWarnings("ArrayRecordComponent") // never compared
record AccessTokenRow(@Id byte[] tokenHash, byte[] id, String userId, Instant createdAt, @Nullable Instant usedAt,
        Instant expiresAt) {

    /** Returns when it was last used, as far as is known. */
    Instant lastUsedAt() {
        return usedAt == null ? createdAt : usedAt;
    }
}
