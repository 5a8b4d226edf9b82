package im.signet.kit.audit;

import im.signet.kit.key.KeyedHash;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code operator_action} of a service's schema. */
public final class OperatorActions {

    /** The purpose of the keys under which it keeps who or what a command was about. */
    public static final String PURPOSE = "audit";

    /** Begins the ids of those keys. */
    public static final String KEY_PREFIX = "w";

    /** How long a line is kept. */
    public static final Duration KEPT = Duration.ofDays(400);

    private final String schema;

    /** Finds the table in that schema. */
    public OperatorActions(String schema) {
        this.schema = schema;
    }

    /**
     * Writes a line, within the transaction of the change.
     *
     * @param operator the operating system's user and host
     * @param hash     hashes whom it is about; empty where the key files are not at hand, and then nothing is kept of that
     * @return the number of the line
     */
    public long write(Connection database, String operator, String command, Subject subject, Optional<KeyedHash> hash,
            Optional<String> reason, String outcome) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO " + schema + """
                .operator_action (operator, command, object, object_kind, object_hash, reason, outcome)
                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""")) {
            insert.setString(1, operator);
            insert.setString(2, command);
            insert.setString(3, subject instanceof Subject.Plain(String text) ? text : null);
            insert.setString(4, subject instanceof Subject.Personal personal ? personal.kind() : null);
            insert.setBytes(5, subject instanceof Subject.Personal personal ? current(hash, personal) : null);
            insert.setString(6, reason.orElse(null));
            insert.setString(7, outcome);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Returns lines, the newest first.
     *
     * @param about whom they are to be about, under each of these hashes' keys; empty for all
     */
    public List<OperatorAction> since(Connection database, Instant since, Optional<List<byte[]>> about, int atMost)
            throws SQLException {
        List<OperatorAction> found = new ArrayList<>();
        try (PreparedStatement select = database.prepareStatement("""
                SELECT id, at, operator, command, coalesce(object, object_kind), reason, outcome
                FROM\s""" + schema + """
                .operator_action WHERE at >= ? AND (? OR object_hash = ANY (?)) ORDER BY id DESC LIMIT ?""")) {
            select.setObject(1, since.atOffset(ZoneOffset.UTC));
            select.setBoolean(2, about.isEmpty());
            select.setArray(3, database.createArrayOf("bytea", about.orElse(List.of()).toArray(byte[][]::new)));
            select.setInt(4, atMost);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new OperatorAction(row.getLong(1), schema,
                            row.getObject(2, OffsetDateTime.class).toInstant(), row.getString(3), row.getString(4),
                            Optional.ofNullable(row.getString(5)), Optional.ofNullable(row.getString(6)),
                            row.getString(7)));
                }
            }
        }
        return found;
    }

    /** Returns the hashes under which lines about somebody may stand, one for each key. */
    public static List<byte[]> hashes(KeyedHash hash, Subject.Personal about) {
        return hash.underEachKey(plain(about));
    }

    /** Deletes lines that are too old. */
    public void deleteOld(JdbcClient jdbc, Clock clock) {
        jdbc.sql("DELETE FROM " + schema + ".operator_action WHERE at < :before")
                .param("before", clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC))
                .update();
    }

    private static byte @Nullable [] current(Optional<KeyedHash> hash, Subject.Personal personal) {
        return hash.map(keyed -> keyed.current(plain(personal))).orElse(null);
    }

    private static byte[] plain(Subject.Personal personal) {
        return (personal.kind() + "\0" + personal.value()).getBytes(StandardCharsets.UTF_8);
    }
}
