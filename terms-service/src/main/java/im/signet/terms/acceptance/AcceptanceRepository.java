package im.signet.terms.acceptance;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Every agreement ever given. */
interface AcceptanceRepository extends Repository<Acceptance, Long> {

    /** Returns what was added; empty when the user had accepted that version in that language before. */
    @Query("""
            INSERT INTO terms.acceptance (user_id, policy, version, language, url, accepted_at)
            VALUES (:userId, :policy, :version, :language, :url, :acceptedAt)
            ON CONFLICT DO NOTHING
            RETURNING *""")
    Optional<Acceptance> addIfNew(String userId, String policy, String version, String language, String url,
            Instant acceptedAt);

    /** Returns all that a user accepted, the oldest first. */
    @Query("SELECT * FROM terms.acceptance WHERE user_id = :userId ORDER BY id")
    List<Acceptance> findByUser(String userId);
}
