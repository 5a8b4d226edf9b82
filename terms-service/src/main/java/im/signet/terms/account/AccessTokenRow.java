package im.signet.terms.account;

import java.time.Instant;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A live access token as the database holds it: by its hash. */
@Table(schema = "terms", name = "access_token")
@SuppressWarnings("ArrayRecordComponent") // never compared
record AccessTokenRow(@Id byte[] tokenHash, String userId, Instant createdAt, Instant expiresAt) {}
