package im.signet.terms.overview;

import im.signet.protocol.identifier.UserId;

import java.time.Instant;

/**
 * Somebody looks at what is kept of a user, for some minutes.
 *
 * @param secret    stands in the forms of the page
 * @param tokenHash of the access token that asked for it; when that ends, the view does
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record View(Secret secret, UserId user, byte[] tokenHash, Instant expiresAt) {}
