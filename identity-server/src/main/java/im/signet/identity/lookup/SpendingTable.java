package im.signet.identity.lookup;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * What everybody has spent, in the database. Plain JDBC, as for the {@link PostgresDirectory}: one statement whatever the
 * number of rows.
 */
final class SpendingTable {

    private final JdbcOperations jdbc;

    SpendingTable(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns what was spent under these names; for a name that has no row, nothing was. */
    Map<ByteBuffer, Spending> find(long generation, Collection<ByteBuffer> names) {
        return select("""
                SELECT subject, sketch, charged FROM identity.lookup_budget
                WHERE pepper_id = ? AND subject = ANY (?)""", generation, names);
    }

    /**
     * Returns what was spent under these names, which must have rows; it stays so until the running transaction ends. Rows
     * are locked in the order of their names, and missing ones are {@linkplain #add added} before: so nobody waits in a
     * circle.
     */
    Map<ByteBuffer, Spending> lock(long generation, Collection<ByteBuffer> names) {
        return select("""
                SELECT subject, sketch, charged FROM identity.lookup_budget
                WHERE pepper_id = ? AND subject = ANY (?) ORDER BY subject FOR UPDATE""", generation, names);
    }

    /** Adds rows that are of nothing yet, in the order of their names, where there are none. */
    void add(long generation, Collection<ByteBuffer> names) {
        jdbc.update(connection -> statement(connection, """
                INSERT INTO identity.lookup_budget (pepper_id, subject, sketch, charged)
                SELECT ?, name, '', 0 FROM unnest(?::bytea[]) AS added (name) ORDER BY name
                ON CONFLICT DO NOTHING""", generation, names));
    }

    /** Writes down what was spent under these names. */
    void save(long generation, Map<ByteBuffer, Spending> spent) {
        List<ByteBuffer> names = List.copyOf(spent.keySet());
        byte[][] sketches = spent.values().stream().map(Spending::sketch).toArray(byte[][]::new);
        Double[] charged = spent.values().stream().map(Spending::charged).toArray(Double[]::new);
        jdbc.update(connection -> {
            PreparedStatement statement = statement(connection, """
                    UPDATE identity.lookup_budget SET sketch = spent.sketch, charged = spent.charged
                    FROM (SELECT ? AS generation, * FROM unnest(?::bytea[], ?::bytea[], ?::double precision[])
                          AS row (name, sketch, charged)) AS spent
                    WHERE pepper_id = spent.generation AND subject = spent.name""", generation, names);
            statement.setArray(3, connection.createArrayOf("bytea", sketches));
            statement.setArray(4, connection.createArrayOf("float8", charged));
            return statement;
        });
    }

    /** Removes rows of a generation, but none that somebody has locked; returns how many those were. */
    int removeSome(long generation, int atMost) {
        return jdbc.update("""
                DELETE FROM identity.lookup_budget WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM identity.lookup_budget WHERE pepper_id = ? LIMIT ? FOR UPDATE SKIP LOCKED))""",
                generation, atMost);
    }

    private Map<ByteBuffer, Spending> select(String sql, long generation, Collection<ByteBuffer> names) {
        Map<ByteBuffer, Spending> found = HashMap.newHashMap(names.size());
        jdbc.query(connection -> statement(connection, sql, generation, names),
                row -> {
                    found.put(ByteBuffer.wrap(row.getBytes(1)), Spending.of(row.getBytes(2), row.getDouble(3)));
                });
        return found;
    }

    private static PreparedStatement statement(Connection connection, String sql, long generation,
            Collection<ByteBuffer> names) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setLong(1, generation);
        byte[][] bytes = names.stream().map(ByteBuffer::array).toArray(byte[][]::new);
        statement.setArray(2, connection.createArrayOf("bytea", bytes));
        return statement;
    }
}
