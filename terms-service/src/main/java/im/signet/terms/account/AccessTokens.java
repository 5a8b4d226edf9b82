package im.signet.terms.account;

import java.time.Instant;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The access tokens that were given out, by their hashes. */
interface AccessTokens extends Repository<AccessTokenRow, byte[]> {

    @Modifying
    @Query("""
            INSERT INTO terms.access_token (token_hash, user_id, created_at, expires_at)
            VALUES (:hash, :userId, :createdAt, :expiresAt)""")
    void add(byte[] hash, String userId, Instant createdAt, Instant expiresAt);

    @Query("SELECT * FROM terms.access_token WHERE token_hash = :hash AND expires_at > :now")
    Optional<AccessTokenRow> findLive(byte[] hash, Instant now);

    @Modifying
    @Query("UPDATE terms.access_token SET expires_at = :expiresAt WHERE token_hash = :hash")
    void prolong(byte[] hash, Instant expiresAt);

    @Modifying
    @Query("DELETE FROM terms.access_token WHERE token_hash = :hash")
    void delete(byte[] hash);

    /** Returns how many tokens were deleted. */
    @Modifying
    @Query("DELETE FROM terms.access_token WHERE expires_at <= :now")
    int deleteExpiredBefore(Instant now);
}
