package im.signet.terms.account;

import im.signet.protocol.identifier.UserId;

import java.time.Instant;

/**
 * What is known of an access token that can be used.
 *
 * @param expiresAt when it ends unless it is used before
 */
public record LiveToken(UserId user, Instant createdAt, Instant expiresAt) {}
