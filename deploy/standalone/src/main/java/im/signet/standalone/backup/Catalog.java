package im.signet.standalone.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL says of a database: its schemas, tables and columns. */
final class Catalog {

    private Catalog() {}

    /** Reads a row. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Returns what a query finds. */
    static <T> List<T> rows(Connection database, String query, Reader<T> reader, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        }
    }

    static boolean hasSchema(Connection database, String schema) throws SQLException {
        return !rows(database, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", _ -> 1, schema).isEmpty();
    }

    /** Returns the tables of a schema, by name. */
    static List<String> tablesOf(Connection database, String schema) throws SQLException {
        return rows(database, """
                SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relkind IN ('r', 'p') ORDER BY c.relname""", row -> row.getString(1),
                schema);
    }

    /** Returns the columns of a table that can be written, in their order. */
    static List<String> columnsOf(Connection database, String schema, String table) throws SQLException {
        return rows(database, """
                SELECT a.attname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                ORDER BY a.attnum""", row -> row.getString(1), schema, table);
    }

    /** Returns where the numbers of a table's columns go on; the moment is a little later than the snapshot, never earlier. */
    static List<Manifest.Sequence> sequencesOf(Connection database, String schema, String table) throws SQLException {
        List<Manifest.Sequence> sequences = new ArrayList<>();
        for (String column : columnsOf(database, schema, table)) {
            Optional<String> sequence = sequence(database, schema, table, column);
            if (sequence.isPresent()) {
                sequences.addAll(rows(database, "SELECT last_value, is_called FROM " + sequence.get(),
                        row -> new Manifest.Sequence(column, row.getLong(1), row.getBoolean(2))));
            }
        }
        return sequences;
    }

    /** Returns the sequence of a column, as SQL names it; empty when it has none. */
    static Optional<String> sequence(Connection database, String schema, String table, String column)
            throws SQLException {
        return rows(database, "SELECT pg_catalog.pg_get_serial_sequence(?, ?)",
                row -> Optional.ofNullable(row.getString(1)), quoted(schema) + "." + quoted(table), column).getFirst();
    }

    /** Returns the newest migration of a schema; empty when there is none, or one failed. */
    static Optional<String> migrationOf(Connection database, String schema) throws SQLException {
        if (!tablesOf(database, schema).contains("flyway_schema_history")) {
            return Optional.empty();
        }
        String history = quoted(schema) + ".flyway_schema_history";
        if (!rows(database, "SELECT 1 FROM " + history + " WHERE NOT success", _ -> 1).isEmpty()) {
            return Optional.empty();
        }
        return rows(database, "SELECT version FROM " + history + " WHERE version IS NOT NULL"
                + " ORDER BY installed_rank DESC LIMIT 1", row -> row.getString(1)).stream().findFirst();
    }

    /** Returns those tables so that each comes after all that its rows refer to. */
    static List<String> inOrderOfReferences(Connection database, String schema, List<String> tables)
            throws SQLException {
        record Reference(String from, String to) {}
        List<Reference> references = rows(database, """
                SELECT f.relname, t.relname FROM pg_catalog.pg_constraint c
                JOIN pg_catalog.pg_class f ON f.oid = c.conrelid JOIN pg_catalog.pg_class t ON t.oid = c.confrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = f.relnamespace
                WHERE c.contype = 'f' AND n.nspname = ? AND f.oid <> t.oid""",
                row -> new Reference(row.getString(1), row.getString(2)), schema);
        Set<String> ordered = new LinkedHashSet<>();
        while (ordered.size() < tables.size()) {
            int before = ordered.size();
            tables.stream()
                    .filter(table -> references.stream()
                            .allMatch(reference -> !reference.from().equals(table) || ordered.contains(reference.to())
                                    || !tables.contains(reference.to())))
                    .forEach(ordered::add);
            if (ordered.size() == before) {
                throw new IllegalStateException("tables of " + schema + " refer to each other in a circle");
            }
        }
        return List.copyOf(ordered);
    }

    /** Returns an identifier for SQL. */
    static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
