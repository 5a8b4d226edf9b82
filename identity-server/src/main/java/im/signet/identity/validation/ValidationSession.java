package im.signet.identity.validation;

import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A proof of owning an address, under way or complete.
 *
 * @param userId      who asked for it, and who alone may use it
 * @param typedSealed the address as it was typed but in lower case, where that differs from the canonical form
 * @param wrongTokens how often a wrong token was submitted
 * @param modifiedAt  when it was begun or, later, validated
 * @param discoverable whether the user wants to be found by the address
 * @param disownedAt  when the owner of the address said that it was not them
 */
@Table(schema = "identity", name = "validation_session")
@SuppressWarnings("ArrayRecordComponent") // never compared
record ValidationSession(String sid, String userId, byte[] addressSealed, byte @Nullable [] typedSealed,
        @Nullable String nextLink, long sendAttempt, int wrongTokens, Instant modifiedAt, boolean discoverable,
        @Nullable Instant validatedAt,
        @Nullable Instant disownedAt) {

    UserId user() {
        return UserId.of(userId);
    }

    boolean isExpiredAt(Instant now, Duration lifetime) {
        return !now.isBefore(expiresAt(lifetime));
    }

    Instant expiresAt(Duration lifetime) {
        return modifiedAt.plus(lifetime);
    }

    /** Returns whether too many wrong tokens, or the address's owner, closed the session. What is validated stays so. */
    boolean isClosed(int maxAttempts) {
        return disownedAt != null || (validatedAt == null && wrongTokens >= maxAttempts);
    }
}
