package im.signet.terms.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The access tokens that were given out, by their hashes. */
interface AccessTokens extends Repository<AccessTokenRow, byte[]> {

    @Modifying
    @Query("""
            INSERT INTO terms.access_token (token_hash, id, user_id, created_at, used_at, expires_at)
            VALUES (:hash, :id, :userId, :createdAt, :createdAt, :expiresAt)""")
    void add(byte[] hash, byte[] id, String userId, Instant createdAt, Instant expiresAt);

    /** Has other transactions that add tokens of this user wait for the end of this one. */
    @Query("SELECT pg_advisory_xact_lock(hashtextextended('signet.tokens ' || :userId, 0))::text")
    String lockThoseOf(String userId);

    /** Deletes a user's tokens but so many: those that were used last. */
    @Modifying
    @Query("""
            DELETE FROM terms.access_token WHERE token_hash IN (
                SELECT token_hash FROM terms.access_token WHERE user_id = :userId
                ORDER BY expires_at > :now DESC, coalesce(used_at, created_at) DESC, created_at DESC, id
                OFFSET :keep)""")
    void deleteLeastRecentlyUsed(String userId, Instant now, int keep);

    @Query("SELECT * FROM terms.access_token WHERE token_hash = :hash AND expires_at > :now")
    Optional<AccessTokenRow> findLive(byte[] hash, Instant now);

    /** Returns a user's tokens, those first that were used last. */
    @Query("""
            SELECT * FROM terms.access_token WHERE user_id = :userId AND expires_at > :now
            ORDER BY coalesce(used_at, created_at) DESC, created_at DESC, id""")
    List<AccessTokenRow> findLiveOf(String userId, Instant now);

    @Modifying
    @Query("UPDATE terms.access_token SET used_at = :usedAt, expires_at = :expiresAt WHERE token_hash = :hash")
    void prolong(byte[] hash, Instant usedAt, Instant expiresAt);

    @Modifying
    @Query("DELETE FROM terms.access_token WHERE token_hash = :hash")
    void delete(byte[] hash);

    /** Returns how many tokens were deleted. */
    @Modifying
    @Query("DELETE FROM terms.access_token WHERE user_id = :userId AND id = :id AND expires_at > :now")
    int deleteLive(String userId, byte[] id, Instant now);

    /** Deletes those that have run out, too. Returns how many tokens were deleted. */
    @Modifying
    @Query("""
            DELETE FROM terms.access_token WHERE token_hash IN (
                SELECT token_hash FROM terms.access_token WHERE user_id = :userId ORDER BY token_hash FOR UPDATE)""")
    int deleteAllOf(String userId);

    /** Returns how many tokens were deleted. */
    @Modifying
    @Query("""
            DELETE FROM terms.access_token WHERE token_hash IN (
                SELECT token_hash FROM terms.access_token
                WHERE user_id = :userId AND expires_at > :now AND token_hash <> :kept
                ORDER BY token_hash FOR UPDATE)""")
    int deleteOtherLiveOf(String userId, byte[] kept, Instant now);

    /** Returns how many tokens were deleted. */
    @Modifying
    @Query("""
            DELETE FROM terms.access_token WHERE token_hash IN (
                SELECT token_hash FROM terms.access_token WHERE expires_at <= :now
                ORDER BY token_hash FOR UPDATE)""")
    int deleteExpiredBefore(Instant now);
}
