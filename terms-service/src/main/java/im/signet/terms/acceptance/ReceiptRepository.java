package im.signet.terms.acceptance;

import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The receipts, at most one of an acceptance. */
interface ReceiptRepository extends Repository<Acceptance, Long> {

    @Modifying
    @Query("INSERT INTO terms.receipt (acceptance_id, jws) VALUES (:acceptanceId, :jws) ON CONFLICT DO NOTHING")
    void addIfNew(long acceptanceId, String jws);

    @Query("SELECT jws FROM terms.receipt WHERE acceptance_id = :acceptanceId")
    Optional<String> find(long acceptanceId);
}
