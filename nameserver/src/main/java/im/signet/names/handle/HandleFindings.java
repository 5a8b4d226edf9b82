package im.signet.names.handle;

import im.signet.names.store.NameHashes;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.identifier.UserId;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a nameserver holds of a handle, for its operator.
 *
 * @param id        the identity that it names
 * @param state     {@code active}, {@code lapsed}, {@code suspended}, {@code withdrawn}, {@code moved} or {@code over}
 * @param ends      when its binding ends
 */
public record HandleFindings(String handle, String id, String state, Instant registered, Instant ends) {

    private static final String COLUMNS = """
            SELECT handle, id, state, registered_at, expires_at, suspended, withdrawn FROM names.binding\s""";

    /** What is known of a handle that was given up or ran out: nobody's name. */
    public record Quarantine(Instant since, Optional<Instant> until) {}

    /** Returns a handle that somebody has; empty when nobody does. */
    public static Optional<HandleFindings> of(Connection database, Handle handle, Instant now) throws SQLException {
        try (PreparedStatement select = database.prepareStatement(COLUMNS + "WHERE handle = ?")) {
            select.setString(1, handle.toString());
            return read(select, now).stream().findFirst();
        }
    }

    /** Returns the handles that an account registered and still has. */
    public static List<HandleFindings> of(Connection database, NameHashes hashes, UserId account, Instant now)
            throws SQLException {
        try (PreparedStatement select = database
                .prepareStatement(COLUMNS + "WHERE account_hash = ANY (?) ORDER BY handle")) {
            select.setArray(1, array(database, hashes.find(Handles.ACCOUNT, account.value())));
            return read(select, now);
        }
    }

    /** Returns whether that account registered the handle, now or before it was given up. */
    public static boolean isOf(Connection database, NameHashes hashes, Handle handle, UserId account)
            throws SQLException {
        try (PreparedStatement select = database.prepareStatement(
                """
                SELECT EXISTS (SELECT FROM names.binding WHERE handle = ? AND account_hash = ANY (?))
                    OR EXISTS (SELECT FROM names.quarantine WHERE handle_hash = ANY (?) AND account_hash = ANY (?))""")) {
            Array accounts = array(database, hashes.find(Handles.ACCOUNT, account.value()));
            select.setString(1, handle.toString());
            select.setArray(2, accounts);
            select.setArray(3, array(database, hashes.find(Handles.HANDLE, handle.toString())));
            select.setArray(4, accounts);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Returns the quarantine of a handle; empty when it is in none. */
    public static Optional<Quarantine> quarantine(Connection database, NameHashes hashes, Handle handle)
            throws SQLException {
        try (PreparedStatement select = database.prepareStatement("""
                SELECT began_at, ends_at FROM names.quarantine
                WHERE handle_hash = ANY (?) AND (ends_at IS NULL OR ends_at > now())""")) {
            select.setArray(1, array(database, hashes.find(Handles.HANDLE, handle.toString())));
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Quarantine(row.getObject(1, OffsetDateTime.class).toInstant(),
                                Optional.ofNullable(row.getObject(2, OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)))
                        : Optional.empty();
            }
        }
    }

    private static List<HandleFindings> read(PreparedStatement select, Instant now) throws SQLException {
        List<HandleFindings> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Instant ends = row.getObject(5, OffsetDateTime.class).toInstant();
                RegisteredHandle.Life life = RegisteredHandle.lifeAt(now, ends, row.getBoolean(6), row.getBoolean(7));
                boolean moved = life == RegisteredHandle.Life.ACTIVE && row.getString(3).equals("moved");
                found.add(new HandleFindings(row.getString(1), row.getString(2),
                        moved ? "moved" : life.name().toLowerCase(Locale.ROOT),
                        row.getObject(4, OffsetDateTime.class).toInstant(), ends));
            }
        }
        return found;
    }

    private static Array array(Connection database, List<byte[]> hashes) throws SQLException {
        return database.createArrayOf("bytea", hashes.toArray(byte[][]::new));
    }
}
