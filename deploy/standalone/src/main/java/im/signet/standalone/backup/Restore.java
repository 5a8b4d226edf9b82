package im.signet.standalone.backup;

import im.signet.identity.association.RestoredAssociations;
import im.signet.identity.invitation.RestoredInvitations;
import im.signet.kit.database.OfflineDatabase;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.journal.JournalReading;
import im.signet.kit.journal.Revocation;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.Sealing;
import im.signet.names.handle.RestoredHandles;
import im.signet.terms.overview.RestoredEndings;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;

/**
 * Brings a backup back: sets it up beside what is there, in schemas of other names, ends there what was ended since, and puts
 * it in its place in one transaction. Until that commits nothing of the server's is touched.
 */
final class Restore {

    /** What clocks may differ by, and the longest transaction: what was ended so long before the snapshot is not in it. */
    private static final Duration MARGIN = Duration.ofHours(1);
    /** Begins the names of the schemas in which a backup is set up. */
    static final String STAGED = "restoring_";
    private static final String JOURNAL = "journal";
    private static final String HANDLES = "handle-hash";
    private static final String LETTERS = "outbox";

    private final OfflineDatabase database;
    private final BackupFile backup;
    private final KeyFiles keys;
    private final JournalReading journal;
    private final SecureRandom random;

    Restore(OfflineDatabase database, BackupFile backup, KeyFiles keys, JournalReading journal, SecureRandom random) {
        this.database = database;
        this.backup = backup;
        this.keys = keys;
        this.journal = journal;
        this.random = random;
    }

    /**
     * What was done.
     *
     * @param rows     brought back
     * @param ended    by what the journals say, by a word for each kind
     * @param readOnly identities that wait for their owners
     */
    record Done(long rows, Map<String, Long> ended, long readOnly) {

        Done {
            ended = new LinkedHashMap<>(ended);
        }
    }

    /** Refuses what would fail later: servers that run, and a version that is not ours. */
    void check() throws SQLException, Refusal {
        try (Connection connection = database.connect()) {
            refuseOthers(connection);
        }
        for (Manifest.Schema schema : backup.manifest().schemas()) {
            if (!TableRule.SCHEMAS.contains(schema.name())) {
                throw Refusal.file("The backup holds the schema " + schema.name()
                        + ", which this version of Signet does not know. Use the version that wrote it: "
                        + backup.manifest().program() + ".");
            }
            String ours = migration(schema.name(), staged(schema)).newest();
            if (SchemaMigration.compare(schema.version(), ours) > 0) {
                throw Refusal.file("The backup was written by a newer version of Signet, "
                        + backup.manifest().program() + " (its schema " + schema.name() + " is at " + schema.version()
                        + ", this version knows " + ours + "). Use that version.");
            }
        }
    }

    /**
     * Returns the keys without which entries of the journal cannot be applied and which are not in the key files, each as
     * {@code j2 of journal.keys}; empty when all can be.
     */
    List<String> missingKeys() {
        Set<String> missing = new TreeSet<>();
        for (Manifest.Schema schema : backup.manifest().schemas()) {
            List<Revocation> entries = journal.of(schema.name(), since());
            if (entries.isEmpty()) {
                continue;
            }
            // Also where no entry names one.
            for (String purpose : purposes(schema.name())) {
                if (keys.read(purpose).isEmpty()) {
                    missing.add("all of " + purpose + ".keys");
                }
            }
            entries.stream()
                    .flatMap(entry -> entry.key().stream())
                    .distinct()
                    .filter(key -> keys.read(key.purpose()).flatMap(ring -> ring.byId(key.id())).isEmpty())
                    .forEach(key -> missing.add(key.id() + " of " + key.purpose() + ".keys"));
        }
        return List.copyOf(missing);
    }

    /** Returns what the keys are for by which a schema's entries are applied. */
    private static List<String> purposes(String schema) {
        return switch (schema) {
            case "terms" -> List.of(JOURNAL, LETTERS);
            case "names" -> List.of(HANDLES);
            default -> List.of(JOURNAL);
        };
    }

    private Instant since() {
        return backup.manifest().takenAt().minus(MARGIN);
    }

    /** Returns the services whose data would go, in words; empty when nothing is there. */
    List<String> present() throws SQLException, Refusal {
        List<String> present = new ArrayList<>();
        try (Connection connection = database.connect()) {
            for (String schema : TableRule.SCHEMAS) {
                if (hasRows(connection, schema)) {
                    present.add(schema);
                    if (backup.manifest().schemas().stream().noneMatch(one -> one.name().equals(schema))) {
                        throw Refusal.call("The database also holds the schema " + schema
                                + ", which the backup lacks: the two would not belong together."
                                + " Restore into a database of its own, or drop that schema.");
                    }
                }
            }
        }
        return present;
    }

    private static boolean hasRows(Connection connection, String schema) throws SQLException {
        for (String table : Catalog.tablesOf(connection, schema)) {
            if (!table.equals("flyway_schema_history")
                    && !Catalog.rows(connection, "SELECT 1 FROM " + name(schema, table) + " LIMIT 1", _ -> 1)
                            .isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void refuseOthers(Connection connection) throws SQLException, Refusal {
        // Every connection of ours says that it is; a pool keeps some open for as long as its server runs.
        long others = Catalog.rows(connection, """
                SELECT count(*) FROM pg_catalog.pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                    AND (application_name = 'signet' OR usename = current_user)""", row -> row.getLong(1)).getFirst();
        if (others > 0) {
            throw Refusal.unavailable("The database is in use by " + others
                    + " connections: stop every server and command that works on it, and call this again.");
        }
    }

    /**
     * Brings it back.
     *
     * @throws Unfinished when it is not known whether that was committed; all others say that nothing was changed
     */
    Done run() throws SQLException, IOException, Refusal, Unfinished {
        try {
            dropStaged();
            for (Manifest.Schema schema : backup.manifest().schemas()) {
                stage(schema);
            }
            return put();
        } catch (SQLException | IOException | Refusal | RuntimeException failed) {
            try {
                dropStaged();
            } catch (SQLException leftBehind) {
                failed.addSuppressed(leftBehind); // the next call drops them
            }
            throw failed;
        }
    }

    private void dropStaged() throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            for (String schema : TableRule.SCHEMAS) {
                statement.execute("DROP SCHEMA IF EXISTS " + STAGED + schema + " CASCADE");
            }
        }
    }

    private SchemaMigration migration(String schema, String staged) {
        return new SchemaMigration(database.dataSource(), staged, "classpath:db/kit", "classpath:db/" + schema);
    }

    private void stage(Manifest.Schema schema) throws SQLException, IOException, Refusal {
        SchemaMigration migration = migration(schema.name(), staged(schema));
        try {
            migration.migrateTo(schema.version());
            try (Connection connection = database.connect()) {
                connection.setAutoCommit(false);
                load(connection, schema);
                connection.commit();
            }
            migration.migrate();
        } catch (FlywayException failed) {
            // Such as a right that the role lacks: no defect of ours.
            for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException why) {
                    throw why;
                }
            }
            throw failed;
        }
    }

    private void load(Connection connection, Manifest.Schema schema) throws SQLException, IOException, Refusal {
        List<String> tables = schema.tables().stream().map(Manifest.Table::name).toList();
        List<String> there = Catalog.tablesOf(connection, staged(schema));
        for (String table : tables) {
            if (!there.contains(table)) {
                throw Refusal.file("The backup holds the table " + schema.name() + "." + table
                        + ", which no migration up to " + schema.version() + " makes.");
            }
        }
        for (String name : Catalog.inOrderOfReferences(connection, staged(schema), tables)) {
            Manifest.Table table = schema.table(name).orElseThrow();
            if (!Catalog.columnsOf(connection, staged(schema), name).containsAll(table.columns())) {
                throw Refusal.file("The table " + schema.name() + "." + name + " of the backup has other columns.");
            }
            load(connection, schema, table);
        }
    }

    private void load(Connection connection, Manifest.Schema schema, Manifest.Table table)
            throws SQLException, IOException, Refusal {
        String target = name(staged(schema), table.name());
        try (Statement statement = connection.createStatement()) {
            // What a migration put there is in the backup as it has become.
            statement.execute("DELETE FROM " + target);
        }
        String columns = table.columns().stream().map(Catalog::quoted).collect(Collectors.joining(", "));
        try (InputStream rows = backup.rows(table)) {
            long loaded = connection.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + target + " (" + columns + ") FROM STDIN", rows);
            if (loaded != table.rows()) {
                throw new SQLException("of " + table.rows() + " rows " + loaded + " arrived");
            }
        }
        for (Manifest.Sequence sequence : table.sequences()) {
            Optional<String> name = Catalog.sequence(connection, staged(schema), table.name(), sequence.column());
            if (name.isPresent()) {
                try (PreparedStatement set = connection.prepareStatement("SELECT setval(?::regclass, ?, ?)")) {
                    set.setString(1, name.get());
                    set.setLong(2, sequence.last());
                    set.setBoolean(3, sequence.called());
                    set.executeQuery().close();
                }
            }
        }
    }

    private Done put() throws SQLException, Refusal, Unfinished {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Map<String, Long> ended = new LinkedHashMap<>();
            long readOnly = 0;
            for (Manifest.Schema schema : backup.manifest().schemas()) {
                readOnly += applyRules(connection, schema, ended);
            }
            for (Manifest.Schema schema : backup.manifest().schemas()) {
                // From here on a server that starts waits until this is over; one that was there is seen below.
                for (String table : Catalog.tablesOf(connection, schema.name())) {
                    statement.execute("LOCK TABLE " + name(schema.name(), table) + " IN ACCESS EXCLUSIVE MODE");
                }
            }
            refuseOthers(connection);
            for (Manifest.Schema schema : backup.manifest().schemas()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema.name() + " CASCADE");
                statement.execute("ALTER SCHEMA " + staged(schema) + " RENAME TO " + schema.name());
            }
            commit(connection, backup.manifest().takenAt());
            return new Done(backup.manifest().rows(), ended, readOnly);
        }
    }

    static void commit(Connection connection, Instant takenAt) throws SQLException, Unfinished {
        try {
            connection.commit();
        } catch (SQLException failed) {
            String state = failed.getSQLState();
            if (state != null && !state.startsWith("08") && !state.startsWith("57P")) {
                throw failed; // the database has answered: it was not
            }
            throw new Unfinished("The connection broke while the restore was committed (SQLSTATE " + state
                    + "): whether the database is restored is not known. Start no server before it is: give the same"
                    + " command once more, with --replace, which does it whatever came of this one. To look: if it is"
                    + " restored, the tables 'restore' of its schemas have a row with the snapshot_at "
                    + takenAt + ".", failed);
        }
    }

    /** Ends what was ended since, and returns how many identities wait for their owners. */
    private long applyRules(Connection connection, Manifest.Schema schema, Map<String, Long> ended)
            throws SQLException {
        String staged = staged(schema);
        Instant since = since();
        long epoch = begin(connection, staged);
        leaveOut(connection, schema.name(), staged);
        try (Statement statement = connection.createStatement()) {
            // Nobody delivers them now, whoever did when the backup was made.
            statement.execute("UPDATE " + staged
                    + ".scheduled_tasks SET picked = false, picked_by = NULL, last_heartbeat = NULL");
            // What they said is done; servers note theirs again when they start.
            statement.execute("DELETE FROM " + staged + ".revocation_journal");
        }
        // Where there are none, there is nothing to apply, or the operator goes on without.
        Optional<KeyRing> hashed = keys.read(schema.name().equals("names") ? HANDLES : JOURNAL);
        Optional<Sealing> letters = keys.read(LETTERS).map(ring -> new Sealing(ring, random));
        switch (schema.name()) {
            case "terms" -> {
                if (hashed.isPresent() && letters.isPresent()) {
                    ended.put("users whose consent has ended",
                            new RestoredEndings(hashed.get(), letters.get(), random)
                                    .replay(connection, staged, journal, since));
                }
            }
            case "identity" -> {
                if (hashed.isPresent()) {
                    ended.put("addresses that were unbound",
                            RestoredAssociations.replay(connection, staged, journal, hashed.get(), since));
                }
                ended.put("wishes about invitations",
                        RestoredInvitations.replay(connection, staged, journal, since));
            }
            case "names" -> {
                if (hashed.isPresent()) {
                    ended.put("handles that were given up or withdrawn",
                            RestoredHandles.replay(connection, staged, journal, hashed.get(), since));
                }
                return RestoredHandles.makeReadOnly(connection, staged, epoch);
            }
            default -> throw new IllegalStateException("no rules for " + schema.name());
        }
        return 0;
    }

    private long begin(Connection connection, String staged) throws SQLException {
        try (PreparedStatement insert = connection
                .prepareStatement("INSERT INTO " + staged + ".restore (snapshot_at) VALUES (?) RETURNING epoch")) {
            insert.setObject(1, backup.manifest().takenAt().atOffset(ZoneOffset.UTC));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    // They are empty: a backup does not hold them. But a file can be made by others.
    private static void leaveOut(Connection connection, String schema, String staged) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : Catalog.tablesOf(connection, staged)) {
                if (TableRule.of(schema, table).filter(rule -> rule.rows() == TableRule.Rows.NONE).isPresent()) {
                    statement.execute("DELETE FROM " + name(staged, table));
                }
            }
        }
    }

    private static String staged(Manifest.Schema schema) {
        return STAGED + schema.name();
    }

    private static String name(String schema, String table) {
        return Catalog.quoted(schema) + "." + Catalog.quoted(table);
    }
}
