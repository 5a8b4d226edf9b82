package im.signet.standalone.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a restore that was killed, or runs now, has in the database beside what servers work on. */
public final class LeftBehind {

    private LeftBehind() {}

    /** Returns the names of its schemas, which the next restore drops; nothing reads them. */
    public static List<String> schemas(Connection database) throws SQLException {
        List<String> ours = TableRule.SCHEMAS.stream().map(schema -> Restore.STAGED + schema).toList();
        return Catalog.rows(database, "SELECT nspname FROM pg_catalog.pg_namespace ORDER BY nspname",
                row -> row.getString(1))
                .stream()
                .filter(ours::contains)
                .toList();
    }
}
