package im.signet.names.handle;

import im.signet.kit.journal.JournalReading;
import im.signet.kit.journal.Revocation;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyedHash;
import im.signet.names.store.NameHashes;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps handles from coming back by a backup that were given up, and identities from being changed before their owners have shown what is missing. */
public final class RestoredHandles {

    /** A handle went into quarantine: the row. */
    static final String ENDED = "quarantine";
    /** A handle no longer resolves as its owner's consent ended. */
    static final String WITHDRAWN = "withdrawn";
    /** Whose handles in quarantine were is forgotten. */
    static final String FORGOTTEN = "forgotten";

    private RestoredHandles() {}

    private record Restored(String handle, Instant registeredAt, Instant agreedAt) {}

    /**
     * Ends in a restored schema what the journals say was ended since.
     *
     * @param schema   the schema's name
     * @param keys     those of the purpose {@code handle-hash}
     * @param since    what was ended before is not in the backup
     * @return how many rows that concerned
     */
    public static long replay(Connection database, String schema, JournalReading journal, KeyRing keys, Instant since)
            throws SQLException {
        Map<String, Restored> byHash = restored(database, schema, new NameHashes(new KeyedHash(keys)));
        long changed = 0;
        for (Revocation entry : journal.of(schemaOfEntries(), ENDED, since)) {
            Quarantine quarantine = Quarantine.of(entry);
            Restored back = byHash.get(entry.parts().getFirst());
            if (back != null && !back.registeredAt().isBefore(quarantine.beganAt())) {
                continue; // somebody had it again when the backup was made
            }
            if (back != null) {
                changed += update(database, "DELETE FROM " + schema + ".binding WHERE handle = ?", back.handle());
            }
            quarantine.save(database, schema);
        }
        for (Revocation entry : journal.of(schemaOfEntries(), WITHDRAWN, since)) {
            Restored back = byHash.get(entry.parts().getFirst());
            if (back != null && back.agreedAt().isBefore(entry.at())) {
                changed += update(database, "UPDATE " + schema + ".binding SET withdrawn = true WHERE handle = ?",
                        back.handle());
            }
        }
        for (Revocation entry : journal.of(schemaOfEntries(), FORGOTTEN, since)) {
            changed += forget(database, schema, entry);
        }
        update(database, "DELETE FROM " + schema + ".identity i WHERE NOT EXISTS (SELECT FROM " + schema
                + ".binding b WHERE b.id = i.id)");
        return changed;
    }

    private static String schemaOfEntries() {
        return "names";
    }

    /** Keeps every identity of a restored schema as it is until its owner has shown the newest chain; returns how many. */
    public static long makeReadOnly(Connection database, String schema, long epoch) throws SQLException {
        return update(database, "UPDATE " + schema + ".identity SET restored_in = " + epoch);
    }

    private static Map<String, Restored> restored(Connection database, String schema, NameHashes hashes)
            throws SQLException {
        Map<String, Restored> byHash = new HashMap<>();
        try (PreparedStatement query = database
                .prepareStatement("SELECT handle, registered_at, agreed_at FROM " + schema + ".binding");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Restored restored = new Restored(rows.getString(1),
                        rows.getObject(2, OffsetDateTime.class).toInstant(),
                        rows.getObject(3, OffsetDateTime.class).toInstant());
                hashes.find(Handles.HANDLE, restored.handle())
                        .forEach(hash -> byHash.put(Revocation.part(hash), restored));
            }
        }
        return byHash;
    }

    private static long forget(Connection database, String schema, Revocation entry) throws SQLException {
        List<byte[]> accounts = new ArrayList<>();
        for (int part = 1; part < entry.parts().size(); part++) {
            accounts.add(entry.bytes(part));
        }
        try (PreparedStatement update = database.prepareStatement("UPDATE " + schema + ".quarantine"
                + " SET account_hash = NULL WHERE account_hash = ANY(?) AND began_at < ?")) {
            Array hashes = database.createArrayOf("bytea", accounts.toArray(new byte[0][]));
            update.setArray(1, hashes);
            update.setObject(2, entry.time(0).orElseThrow().atOffset(ZoneOffset.UTC));
            return update.executeUpdate();
        }
    }

    private static long update(Connection database, String sql, String... parameters) throws SQLException {
        try (PreparedStatement update = database.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setString(i + 1, parameters[i]);
            }
            return update.executeUpdate();
        }
    }
}
