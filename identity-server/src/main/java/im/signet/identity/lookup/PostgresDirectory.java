package im.signet.identity.lookup;

import im.signet.kit.key.KeyedHash;
import im.signet.protocol.hash.LookupHash;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.JdbcOperations;

/// The directory in PostgreSQL: the table `lookup_entry`, probed with one statement whatever the number of hashes. What
/// stands there is a keyed hash of the hash that a client sends: who has the table and not the key can try no address.
///
/// Plain JDBC, unlike the other repositories: `= ANY(?)` on a `bytea[]` keeps one prepared statement for every size,
/// where
/// `IN (...)` makes a new one for each.
final class PostgresDirectory implements Directory {

    private final JdbcOperations jdbc;
    private final KeyedHash keyed;

    PostgresDirectory(JdbcOperations jdbc, KeyedHash keyed) {
        this.jdbc = jdbc;
        this.keyed = keyed;
    }

    @Override
    public Map<LookupHash, String> find(long generation, Collection<LookupHash> hashes) {
        if (hashes.isEmpty()) {
            return Map.of();
        }
        Map<ByteBuffer, LookupHash> asked = HashMap.newHashMap(hashes.size());
        for (LookupHash hash : hashes) {
            for (byte[] entry : keyed.underEachKey(hash.toBytes())) {
                asked.put(ByteBuffer.wrap(entry), hash);
            }
        }
        byte[][] entries = asked.keySet().stream().map(ByteBuffer::array).toArray(byte[][]::new);
        Map<LookupHash, String> found = new HashMap<>();
        jdbc.query(connection -> {
            PreparedStatement statement = connection.prepareStatement("""
                    SELECT entry_hash, user_id FROM identity.lookup_entry
                    WHERE pepper_id = ? AND entry_hash = ANY (?)""");
            statement.setLong(1, generation);
            statement.setArray(2, connection.createArrayOf("bytea", entries));
            return statement;
        }, row -> {
            LookupHash hash = asked.get(ByteBuffer.wrap(row.getBytes(1)));
            if (hash != null) {
                found.put(hash, row.getString(2));
            }
        });
        return found;
    }

    @Override
    public void add(long generation, Collection<LookupHash> hashes, long associationId, String userId) {
        List<Object[]> rows = new ArrayList<>();
        for (LookupHash hash : hashes) {
            rows.add(new Object[]{generation, keyed.current(hash.toBytes()), keyed.currentKeyId(), associationId,
                userId});
        }
        jdbc.batchUpdate("""
                INSERT INTO identity.lookup_entry (pepper_id, entry_hash, entry_key, association_id, user_id)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (pepper_id, entry_hash) DO UPDATE
                SET association_id = excluded.association_id, user_id = excluded.user_id""", rows);
    }
}
