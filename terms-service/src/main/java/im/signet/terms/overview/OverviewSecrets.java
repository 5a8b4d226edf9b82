package im.signet.terms.overview;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The secrets that can be used. One whose access token has ended cannot. */
interface OverviewSecrets extends Repository<OverviewSecret, byte[]> {

    /** Returns how many were added: none when the access token has ended. */
    @Modifying
    @Query("""
            INSERT INTO terms.overview_secret (secret_hash, purpose, user_id, token_hash, created_at, expires_at)
            SELECT :hash, :purpose, :userId, token_hash, :now, :expiresAt
            FROM terms.access_token WHERE token_hash = :tokenHash""")
    int add(byte[] hash, OverviewSecret.Purpose purpose, String userId, byte[] tokenHash, Instant now,
            Instant expiresAt);

    @Query("""
            SELECT secret.* FROM terms.overview_secret secret JOIN terms.access_token token USING (token_hash)
            WHERE secret_hash = :hash AND purpose IN (:purposes) AND secret.expires_at > :now
                AND token.expires_at > :now""")
    Optional<OverviewSecret> find(byte[] hash, Collection<OverviewSecret.Purpose> purposes, Instant now);

    /** As {@link #find}, and keeps the access token from being ended until the running transaction does. */
    @Query("""
            SELECT secret.* FROM terms.overview_secret secret JOIN terms.access_token token USING (token_hash)
            WHERE secret_hash = :hash AND purpose IN (:purposes) AND secret.expires_at > :now
                AND token.expires_at > :now FOR KEY SHARE OF token""")
    Optional<OverviewSecret> findKeepingToken(byte[] hash, Collection<OverviewSecret.Purpose> purposes, Instant now);

    /** Returns how many were used up: one for whoever is first, none for all others. */
    @Modifying
    @Query("DELETE FROM terms.overview_secret WHERE secret_hash = :hash AND expires_at > :now")
    int useUp(byte[] hash, Instant now);

    @Modifying
    @Query("DELETE FROM terms.overview_secret WHERE expires_at <= :now")
    void deleteExpired(Instant now);
}
