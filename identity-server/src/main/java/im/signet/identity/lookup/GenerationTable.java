package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

import org.springframework.jdbc.core.simple.JdbcClient;

/// The peppers in the database. What locks must run in a transaction, and holds until that ends:
///
/// * [#tryToManage] is held by whoever changes the table, in short transactions; nobody waits for it but a first start.
/// * [#lockForBinding] is held by every binding, [#lockAgainstBindings] only while a generation is added or goes. So
/// each
/// binding either ends before a generation exists, and its association is there for all to see, or sees the
/// generation; and none makes entries of one that is gone.
final class GenerationTable {

    private static final String SELECT = "SELECT id, value, current_since, built_to FROM identity.pepper ORDER BY id";

    private final JdbcClient jdbc;

    GenerationTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Generations read() {
        return new Generations(jdbc.sql(SELECT).query(GenerationTable::row).list());
    }

    /** Returns false when somebody else changes the table just now. */
    boolean tryToManage() {
        return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtext('signet.pepper'))").query(Boolean.class).single();
    }

    /** Waits until nobody else changes the table. */
    void manage() {
        lock("pg_advisory_xact_lock(hashtext('signet.pepper'))");
    }

    /** Gives up what waits longer than this for a lock, until the transaction ends. */
    void waitAtMost(int millis) {
        jdbc.sql("SELECT set_config('lock_timeout', ?, true)").param(millis + "ms").query().singleValue();
    }

    /** Returns every generation that an association which is bound now needs entries of; none goes meanwhile. */
    Generations lockForBinding() {
        lock("pg_advisory_xact_lock_shared(hashtext('signet.pepper.generations'))");
        // A statement of its own: it sees what was committed while the one before waited.
        return read();
    }

    /** Waits until no binding is under way, and lets none get as far as its lookup entries. */
    void lockAgainstBindings() {
        lock("pg_advisory_xact_lock(hashtext('signet.pepper.generations'))");
    }

    private void lock(String function) {
        jdbc.sql("SELECT true FROM (SELECT " + function + ") AS locked").query(Boolean.class).single();
    }

    void addInUse(Pepper pepper, Instant now) {
        jdbc.sql("INSERT INTO identity.pepper (value, created_at, current_since) VALUES (?, ?, ?)")
                .params(pepper.value(), Timestamp.from(now), Timestamp.from(now))
                .update();
    }

    void addUnderConstruction(Pepper pepper, Instant now) {
        jdbc.sql("INSERT INTO identity.pepper (value, created_at) VALUES (?, ?)")
                .params(pepper.value(), Timestamp.from(now))
                .update();
    }

    void setBuiltTo(long id, long associationId) {
        jdbc.sql("UPDATE identity.pepper SET built_to = ? WHERE id = ?").params(associationId, id).update();
    }

    void putIntoUse(long id, Instant now) {
        jdbc.sql("UPDATE identity.pepper SET current_since = ? WHERE id = ?").params(Timestamp.from(now), id).update();
    }

    void delete(long id) {
        jdbc.sql("DELETE FROM identity.pepper WHERE id = ?").param(id).update();
    }

    boolean isRotationRequested() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM identity.pepper_rotation_request WHERE pepper_id IS NULL)")
                .query(Boolean.class)
                .single();
    }

    /** Notes that every request which nobody has taken up is answered by that generation. */
    void takeRequestsUp(long generation) {
        jdbc.sql("UPDATE identity.pepper_rotation_request SET pepper_id = ? WHERE pepper_id IS NULL")
                .param(generation)
                .update();
    }

    private static Generation row(ResultSet row, int number) throws SQLException {
        Timestamp currentSince = row.getTimestamp("current_since");
        return new Generation(row.getLong("id"), Pepper.of(row.getString("value")),
                currentSince == null ? null : currentSince.toInstant(), row.getLong("built_to"));
    }
}
