package im.signet.terms.account;

import java.time.Instant;

/**
 * What a user may know of a token of theirs.
 *
 * @param id         names it among the user's; tells nothing of the token
 * @param lastUsedAt a use is noted once a hundredth of the lifetime has gone by since the last that was
 * @param expiresAt  when it ends unless it is used before
 */
public record TokenInfo(String id, Instant createdAt, Instant lastUsedAt, Instant expiresAt) {}
