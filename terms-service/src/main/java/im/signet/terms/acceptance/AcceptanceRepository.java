package im.signet.terms.acceptance;

import java.time.Instant;
import java.util.List;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Every agreement ever given. */
interface AcceptanceRepository extends Repository<Acceptance, Long> {

    @Modifying
    @Query("""
            INSERT INTO terms.acceptance (user_id, policy, version, language, url, accepted_at)
            VALUES (:userId, :policy, :version, :language, :url, :acceptedAt)
            ON CONFLICT DO NOTHING""")
    void addIfNew(String userId, String policy, String version, String language, String url, Instant acceptedAt);

    @Query("SELECT * FROM terms.acceptance WHERE user_id = :userId")
    List<Acceptance> findByUser(String userId);
}
