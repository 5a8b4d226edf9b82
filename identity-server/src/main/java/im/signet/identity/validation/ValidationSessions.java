package im.signet.identity.validation;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The validation sessions and their tokens. */
@SuppressWarnings("TooManyParameters") // one parameter a column
interface ValidationSessions extends Repository<ValidationSession, String> {

    String COLUMNS = """
            SELECT sid, user_id, address_sealed, typed_sealed, next_link, send_attempt, wrong_tokens, discoverable, modified_at,
                   validated_at, disowned_at
            FROM identity.validation_session
            """;

    /** Locks the session until the transaction ends, so that parallel attempts are counted one after the other. */
    @Query(COLUMNS + "WHERE sid = :sid AND secret_hash = :secretHash FOR UPDATE")
    Optional<ValidationSession> lockBySecret(String sid, byte[] secretHash);

    @Query(COLUMNS + "WHERE sid = :sid AND secret_hash = :secretHash")
    Optional<ValidationSession> findBySecret(String sid, byte[] secretHash);

    /** Locks the session of this user for this address and secret. */
    @Query(COLUMNS
            + "WHERE address_hash IN (:addressHashes) AND secret_hash = :secretHash AND user_id = :userId FOR UPDATE")
    Optional<ValidationSession> lockByProof(Collection<byte[]> addressHashes, byte[] secretHash, String userId);

    /** Returns how many sessions were added: none when the user has one for this address and secret already. */
    @Modifying
    @Query("""
            INSERT INTO identity.validation_session (sid, user_id, secret_hash, address_sealed, address_hash, address_key,
                   typed_sealed, next_link, send_attempt, discoverable, modified_at)
            VALUES (:sid, :userId, :secretHash, :addressSealed, :addressHash, :addressKey, :typedSealed, :nextLink,
                   :sendAttempt, :discoverable, :now)
            ON CONFLICT DO NOTHING""")
    int addIfNew(String sid, String userId, byte[] secretHash, byte[] addressSealed, byte[] addressHash,
            String addressKey, byte @Nullable [] typedSealed, @Nullable String nextLink, long sendAttempt,
            boolean discoverable, Instant now);

    @Modifying
    @Query("""
            UPDATE identity.validation_session
            SET send_attempt = :sendAttempt, next_link = :nextLink, discoverable = :discoverable
            WHERE sid = :sid""")
    void setWish(String sid, long sendAttempt, @Nullable String nextLink, boolean discoverable);

    /** Adds a token, or lets it live longer: of a million codes, one may come twice. */
    @Modifying
    @Query("""
            INSERT INTO identity.validation_token (sid, token_hash, sent_at, expires_at)
            VALUES (:sid, :tokenHash, :now, :expiresAt)
            ON CONFLICT (sid, token_hash) DO UPDATE SET sent_at = excluded.sent_at, expires_at = excluded.expires_at""")
    void addToken(String sid, byte[] tokenHash, Instant now, Instant expiresAt);

    /** Returns whether the session has a token of one of these hashes, live or run out. */
    @Query("""
            SELECT EXISTS (SELECT FROM identity.validation_token
                           WHERE sid = :sid AND token_hash IN (:tokenHashes))""")
    boolean hasToken(String sid, Collection<byte[]> tokenHashes);

    /** Returns whether the session has a token of one of these hashes that can still be used. */
    @Query("""
            SELECT EXISTS (SELECT FROM identity.validation_token
                           WHERE sid = :sid AND token_hash IN (:tokenHashes) AND expires_at > :now)""")
    boolean hasLiveToken(String sid, Collection<byte[]> tokenHashes, Instant now);

    @Modifying
    @Query("UPDATE identity.validation_session SET wrong_tokens = wrong_tokens + 1 WHERE sid = :sid")
    void countWrongToken(String sid);

    @Modifying
    @Query("UPDATE identity.validation_session SET validated_at = :now, modified_at = :now WHERE sid = :sid")
    void setValidated(String sid, Instant now);

    @Modifying
    @Query("UPDATE identity.validation_session SET disowned_at = :now WHERE sid = :sid")
    void setDisowned(String sid, Instant now);

    @Modifying
    @Query("DELETE FROM identity.validation_session WHERE sid = :sid")
    void delete(String sid);

    /** Deletes sessions of a user that were begun and, if so, validated before an instant. */
    @Modifying
    @Query("DELETE FROM identity.validation_session WHERE user_id = :userId AND modified_at < :before")
    void deleteOf(String userId, Instant before);

    /** Returns how many sessions were deleted, with their tokens. */
    @Modifying
    @Query("DELETE FROM identity.validation_session WHERE modified_at < :before")
    int deleteModifiedBefore(Instant before);
}
