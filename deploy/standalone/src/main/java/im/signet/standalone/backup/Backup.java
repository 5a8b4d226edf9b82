package im.signet.standalone.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Copies a database into a file while servers work on it: all tables as they were in one moment, in one transaction that only reads. */
final class Backup {

    private final Connection database;
    private final String program;

    /**
     * @param database a connection of its own, which is left within a transaction
     * @param program  the version of this program
     */
    Backup(Connection database, String program) {
        this.database = database;
        this.program = program;
    }

    /**
     * Writes the file and reads it back.
     *
     * @param replace whether a file of that name may go
     * @return what the file holds
     * @throws Refusal when there is nothing to copy or no place for it
     */
    Manifest writeTo(Path file, boolean replace) throws IOException, SQLException, Refusal {
        begin();
        List<Manifest> written = new ArrayList<>();
        try {
            SealedZip.write(file, replace, zip -> {
                try {
                    Manifest manifest = copy(zip);
                    written.add(manifest);
                    zip.putNextEntry(new ZipEntry(Manifest.NAME));
                    zip.write(manifest.toBytes());
                    zip.closeEntry();
                } catch (SQLException failed) {
                    throw new DatabaseFailed(failed);
                }
            }, draft -> BackupFile.open(draft).close());
        } catch (DatabaseFailed failed) {
            throw failed.why;
        }
        return written.getFirst();
    }

    private static final class DatabaseFailed extends IOException {

        private static final long serialVersionUID = 1L;
        private final SQLException why;

        DatabaseFailed(SQLException why) {
            super(why);
            this.why = why;
        }
    }

    private void begin() throws SQLException {
        database.setAutoCommit(false);
        try (Statement statement = database.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("""
                    SET LOCAL statement_timeout = 0;
                    SET LOCAL idle_in_transaction_session_timeout = 0;
                    SET LOCAL datestyle = 'ISO';
                    SET LOCAL timezone = 'UTC';
                    SET LOCAL bytea_output = 'hex';
                    SET LOCAL extra_float_digits = 3;
                    SET LOCAL search_path = pg_catalog""");
        }
    }

    private Manifest copy(ZipOutputStream zip) throws SQLException, IOException, Refusal {
        // The first query takes the snapshot that all others see.
        Instant takenAt;
        String snapshot;
        String version;
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT clock_timestamp(), pg_current_snapshot()::text, current_setting('server_version')")) {
            row.next();
            takenAt = row.getObject(1, OffsetDateTime.class).toInstant();
            snapshot = row.getString(2);
            version = row.getString(3);
        }
        List<Manifest.Schema> schemas = new ArrayList<>();
        for (String schema : TableRule.SCHEMAS) {
            if (Catalog.hasSchema(database, schema)) {
                schemas.add(copy(schema, zip));
            }
        }
        if (schemas.isEmpty()) {
            throw Refusal.unavailable("No server has set up that database yet: there is nothing to back up.");
        }
        return new Manifest(program, takenAt, snapshot, version, schemas);
    }

    private Manifest.Schema copy(String schema, ZipOutputStream zip) throws SQLException, IOException, Refusal {
        String version = Catalog.migrationOf(database, schema)
                .orElseThrow(() -> Refusal.unavailable("The schema " + schema
                        + " has no history of migrations, or one that failed. Start a server on it first."));
        List<Manifest.Table> tables = new ArrayList<>();
        for (String table : Catalog.tablesOf(database, schema)) {
            Optional<TableRule> rule = TableRule.of(schema, table);
            if (rule.isEmpty()) {
                throw Refusal.unavailable("The table " + schema + "." + table
                        + " is none that this version of Signet knows. A server of a newer version made it: use that version;"
                        + " or move it into another schema if it is yours.");
            }
            if (rule.get().rows() != TableRule.Rows.MADE_ANEW) {
                tables.add(copy(schema, table, rule.get(), zip));
            }
        }
        return new Manifest.Schema(schema, version, tables, keysOf(schema), journalsOf(schema));
    }

    private Manifest.Table copy(String schema, String table, TableRule rule, ZipOutputStream zip)
            throws SQLException, IOException {
        List<String> columns = Catalog.columnsOf(database, schema, table);
        String entry = schema + "/" + table + ".copy";
        String query = "COPY (SELECT " + columns.stream().map(Catalog::quoted).collect(Collectors.joining(", "))
                + " FROM " + Catalog.quoted(schema) + "." + Catalog.quoted(table) + " WHERE " + rule.where()
                + ") TO STDOUT";
        zip.putNextEntry(new ZipEntry(entry));
        MessageDigest digest = SealedZip.sha256();
        CopyManager copies = database.unwrap(PGConnection.class).getCopyAPI();
        long rows = copies.copyOut(query, new DigestOutputStream(new OpenEntry(zip), digest));
        zip.closeEntry();
        return new Manifest.Table(table, entry, columns, rows, HexFormat.of().formatHex(digest.digest()),
                Catalog.sequencesOf(database, schema, table));
    }

    /** Whoever writes an entry must not close the file. */
    private static final class OpenEntry extends FilterOutputStream {

        OpenEntry(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // the next entry follows
        }
    }

    private List<Manifest.KeyId> keysOf(String schema) throws SQLException {
        return Catalog.rows(database,
                "SELECT purpose, key_id FROM " + schema + ".key_in_use ORDER BY purpose, since, key_id",
                row -> new Manifest.KeyId(row.getString(1), row.getString(2)));
    }

    // Servers of the version before journals have none.
    private List<String> journalsOf(String schema) throws SQLException {
        return Catalog.tablesOf(database, schema).contains("revocation_journal")
                ? Catalog.rows(database, "SELECT id FROM " + schema + ".revocation_journal ORDER BY id",
                        row -> row.getString(1))
                : List.of();
    }
}
