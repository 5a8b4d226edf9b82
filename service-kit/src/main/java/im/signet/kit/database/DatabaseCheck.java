package im.signet.kit.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a database once before we build on it: can we log in, does it keep what it acknowledges, is it UTF-8. */
final class DatabaseCheck {
    private static final Logger log = LoggerFactory.getLogger(DatabaseCheck.class);

    private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

    private DatabaseCheck() {}

    /**
     * Returns when the database is fit for use.
     *
     * @throws DatabaseStartException
     *             when it is not
     */
    static void check(DatabaseAccess access, boolean acceptDataLoss) {
        try (Connection connection = access.connect()) {
            List<String> off = new ArrayList<>();
            for (String setting : DURABLE) {
                if (show(connection, setting).equals("off")) {
                    off.add(setting + "=off");
                }
            }
            if (!off.isEmpty()) {
                refuseOrWarn(access, String.join(", ", off), acceptDataLoss);
            }
            String encoding = show(connection, "server_encoding");
            if (!encoding.equals("UTF8")) {
                throw new DatabaseStartException(
                        "The database " + access.shownUrl() + " has the encoding " + encoding + ", not UTF8.",
                        "Create it with: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0");
            }
            log.info("Database: PostgreSQL {} at {}", show(connection, "server_version"), access.shownUrl());
        } catch (SQLException e) {
            throw unreachable(access, e);
        }
    }

    private static void refuseOrWarn(DatabaseAccess access, String off, boolean acceptDataLoss) {
        if (!acceptDataLoss) {
            throw new DatabaseStartException(
                    "The database " + access.shownUrl() + " runs with " + off
                            + ": a crash would lose what was already acknowledged.",
                    "Turn it on in PostgreSQL, or set signet.database.accept-data-loss=true if losing data is fine.");
        }
        log.warn("The database runs with {}: a crash loses what was already acknowledged"
                + " (signet.database.accept-data-loss is set)", off);
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW " + setting)) {
            result.next();
            return result.getString(1);
        }
    }

    /** Returns in words for the operator why a database could not be logged in to. */
    static DatabaseStartException unreachable(DatabaseAccess access, SQLException e) {
        String database = "the database " + access.shownUrl();
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "28P01" -> new DatabaseStartException("The password for " + database + " is wrong"
                    + (access.username() == null ? "." : ", or the role " + access.username() + " does not exist."),
                    "Check signet.database.username and signet.database.password.", e);
            case "28000" -> new DatabaseStartException("The server refuses our role at " + database + ".",
                    "Check signet.database.username, and pg_hba.conf of the server.", e);
            case "3D000" -> new DatabaseStartException("The server answers, but " + database + " does not exist.",
                    "Create it, or correct signet.database.url.", e);
            case "08001", "08004", "08006" -> new DatabaseStartException("Cannot reach " + database + ".",
                    "Check signet.database.url, and that PostgreSQL runs and can be reached from here.", e);
            default -> new DatabaseStartException("Cannot use " + database + " (SQLSTATE " + state + ").",
                    "Check signet.database.url, and the log of PostgreSQL.", e);
        };
    }
}
