package im.signet.terms.acceptance;

import java.util.List;

import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Every agreement ever given. */
interface AcceptanceRepository extends Repository<Acceptance, Long> {

    Iterable<Acceptance> saveAll(Iterable<Acceptance> acceptances);

    @Query("SELECT * FROM terms.acceptance WHERE user_id = :userId")
    List<Acceptance> findByUser(String userId);
}
