package im.signet.identity.lookup;

import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The peppers; the newest is in use. */
interface PepperRepository extends Repository<PepperRow, Long> {

    PepperRow save(PepperRow row);

    @Query("SELECT * FROM identity.pepper ORDER BY id DESC LIMIT 1")
    Optional<PepperRow> findCurrent();

    @Query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtext('signet.pepper'))) AS locked")
    boolean lock();
}
