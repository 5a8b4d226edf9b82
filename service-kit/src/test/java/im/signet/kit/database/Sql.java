package im.signet.kit.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One statement on one new connection. */
final class Sql {

    private Sql() {}

    /** Executes it. */
    static void run(DatabaseAccess access, String sql) throws SQLException {
        try (Connection connection = access.connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns the first column of its first row, as text. */
    static String ask(DatabaseAccess access, String sql) throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new AssertionError("no row: " + sql);
            }
            return String.valueOf(result.getString(1));
        }
    }
}
