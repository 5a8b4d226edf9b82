package im.signet.identity.lookup;

import im.signet.kit.key.KeyedHash;
import im.signet.protocol.hash.LookupHash;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.JdbcOperations;

/// The directory in PostgreSQL: the table `lookup_entry`, probed with one statement whatever the number of hashes. What
/// stands there is a keyed hash of the hash that a client sends: who has the table and not the key can try no address.
/// Rows name their key; a lookup probes for every live one, and what is written now is written under the current one.
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
    public void add(long generation, Collection<LookupEntry> entries) {
        // One statement may not write the same row twice.
        Map<LookupHash, LookupEntry> byHash = new LinkedHashMap<>();
        entries.forEach(entry -> byHash.put(entry.hash(), entry));
        if (byHash.isEmpty()) {
            return;
        }
        List<LookupEntry> rows = List.copyOf(byHash.values());
        byte[][] hashes = rows.stream().map(entry -> keyed.current(entry.hash().toBytes())).toArray(byte[][]::new);
        Long[] associations = rows.stream().map(LookupEntry::associationId).toArray(Long[]::new);
        String[] users = rows.stream().map(LookupEntry::userId).toArray(String[]::new);
        jdbc.update(connection -> {
            PreparedStatement statement = connection.prepareStatement("""
                    INSERT INTO identity.lookup_entry (pepper_id, entry_hash, entry_key, association_id, user_id)
                    SELECT ?, hash, ?, association, name
                    FROM unnest(?::bytea[], ?::bigint[], ?::text[]) AS added (hash, association, name)
                    ON CONFLICT (pepper_id, entry_hash) DO UPDATE
                    SET association_id = excluded.association_id, user_id = excluded.user_id""");
            statement.setLong(1, generation);
            statement.setString(2, keyed.currentKeyId());
            statement.setArray(3, connection.createArrayOf("bytea", hashes));
            statement.setArray(4, connection.createArrayOf("bigint", associations));
            statement.setArray(5, connection.createArrayOf("text", users));
            return statement;
        });
    }

    @Override
    public int removeSome(long generation, int atMost) {
        // What is locked is being removed together with its association. Waiting for it could end in a deadlock.
        return jdbc.update("""
                DELETE FROM identity.lookup_entry WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM identity.lookup_entry WHERE pepper_id = ? LIMIT ? FOR UPDATE SKIP LOCKED))""",
                generation, atMost);
    }

    @Override
    public boolean isEmpty(long generation) {
        return Boolean.FALSE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM identity.lookup_entry WHERE pepper_id = ?)", Boolean.class, generation));
    }

    @Override
    public List<String> forgetUnusedKeys() {
        return jdbc.query("""
                DELETE FROM identity.key_in_use WHERE purpose = ? AND key_id <> ? AND NOT EXISTS (
                    SELECT FROM identity.lookup_entry WHERE entry_key = key_id)
                RETURNING key_id""", (row, _) -> row.getString(1), keyed.purpose(), keyed.currentKeyId());
    }
}
