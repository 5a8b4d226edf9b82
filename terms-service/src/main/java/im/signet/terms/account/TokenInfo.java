package im.signet.terms.account;

import java.time.Instant;

/**
 * A live access token, as its user gets to see it.
 *
 * @param id         names it among the user's; of no use as a token
 * @param lastUsedAt about when it was last used
 * @param expiresAt  when it ends unless it is used before
 */
public record TokenInfo(String id, Instant createdAt, Instant lastUsedAt, Instant expiresAt) {}
