package im.signet.terms.acceptance;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Every agreement ever given, and what was withdrawn of it. */
interface AcceptanceRepository extends Repository<Acceptance, Long> {

    /** Returns what was added; empty when the user's agreement to that version in that language counts already. */
    @Query("""
            INSERT INTO terms.acceptance (user_id, policy, version, language, url, accepted_at)
            VALUES (:userId, :policy, :version, :language, :url, :acceptedAt)
            ON CONFLICT DO NOTHING
            RETURNING *""")
    Optional<Acceptance> addIfNew(String userId, String policy, String version, String language, String url,
            Instant acceptedAt);

    /** Returns all that a user ever accepted, the oldest first. */
    @Query("SELECT * FROM terms.acceptance WHERE user_id = :userId ORDER BY id")
    List<Acceptance> findByUser(String userId);

    /** Returns what a user accepted and has not withdrawn. */
    @Query("SELECT * FROM terms.acceptance WHERE user_id = :userId AND withdrawal_id IS NULL")
    List<Acceptance> findCurrentByUser(String userId);

    /** Waits until no other transaction accepts for the user or ends the user's consent. */
    @Query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended('signet.terms.' || :userId, 0))) AS locked")
    boolean lock(String userId);

    /** Returns the new withdrawal's id. */
    @Query("INSERT INTO terms.withdrawal (user_id, withdrawn_at) VALUES (:userId, :at) RETURNING id")
    long addWithdrawal(String userId, Instant at);

    @Modifying
    @Query("""
            UPDATE terms.acceptance SET withdrawal_id = :withdrawal
            WHERE user_id = :userId AND withdrawal_id IS NULL""")
    void withdraw(String userId, long withdrawal);

    /** Returns when the user accepted anything first since that withdrawal, in a list of one; empty when not since. */
    @Query("""
            SELECT accepted_at FROM terms.acceptance
            WHERE user_id = :userId AND (withdrawal_id IS NULL OR withdrawal_id > :withdrawal)
            ORDER BY accepted_at LIMIT 1""")
    List<Instant> findFirstSince(String userId, long withdrawal);

    /** Deletes receipts as well. */
    @Modifying
    @Query("DELETE FROM terms.acceptance WHERE user_id = :userId")
    void deleteByUser(String userId);

    @Modifying
    @Query("DELETE FROM terms.withdrawal WHERE user_id = :userId")
    void deleteWithdrawals(String userId);
}
