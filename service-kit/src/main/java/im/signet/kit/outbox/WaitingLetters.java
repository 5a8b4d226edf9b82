package im.signet.kit.outbox;

import im.signet.kit.key.Sealing;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The letters that wait in an outbox, for its operator, from the command line, while servers run. A letter that a server
 * delivers in this moment is never touched.
 */
public final class WaitingLetters {

    // What db-scheduler calls the one instance of a recurring task: a chore, and no letter.
    private static final String CHORE = "recurring";

    private final String table;

    /** Finds the letters of the outbox in that schema. */
    public WaitingLetters(String schema) {
        this.table = schema + ".scheduled_tasks";
    }

    /**
     * A letter that waits.
     *
     * @param id       names it
     * @param since    since when; empty where a server of the version before wrote it
     * @param tries    how often it could not be delivered
     * @param nextTry  when it is tried again
     * @param underWay whether a server delivers it in this moment
     * @param failure  why the last try failed
     */
    public record Waiting(String id, String channel, Optional<Instant> since, int tries, Instant nextTry,
            boolean underWay, Optional<String> failure) {}

    /** What came of changing a letter. */
    public enum Change {
        /** It is changed. */
        DONE,
        /** A server delivers it in this moment. */
        UNDER_WAY,
        /** No such letter waits. */
        UNKNOWN
    }

    /**
     * Returns letters that wait, those first that are tried next.
     *
     * @param channel of which channel; empty for all
     */
    public List<Waiting> list(Connection database, Optional<String> channel, int atMost) throws SQLException {
        List<Waiting> waiting = new ArrayList<>();
        try (PreparedStatement select = database.prepareStatement("""
                SELECT task_instance, task_name, waiting_since, coalesce(consecutive_failures, 0), execution_time, picked,
                    failure
                FROM %s
                WHERE task_instance <> ? AND (? OR task_name = ?) ORDER BY execution_time, task_instance LIMIT ?"""
                .formatted(table))) {
            select.setString(1, CHORE);
            select.setBoolean(2, channel.isEmpty());
            select.setString(3, channel.orElse(""));
            select.setInt(4, atMost);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.add(new Waiting(row.getString(1), row.getString(2),
                            Optional.ofNullable(row.getObject(3, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                            row.getInt(4), row.getObject(5, OffsetDateTime.class).toInstant(), row.getBoolean(6),
                            Optional.ofNullable(row.getString(7))));
                }
            }
        }
        return waiting;
    }

    /** Returns how many letters wait. */
    public long count(Connection database, Optional<String> channel) throws SQLException {
        try (PreparedStatement select = database.prepareStatement("SELECT count(*) FROM " + table
                + " WHERE task_instance <> ? AND (? OR task_name = ?)")) {
            select.setString(1, CHORE);
            select.setBoolean(2, channel.isEmpty());
            select.setString(3, channel.orElse(""));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Returns what a letter says, opened with the keys of the outbox; empty when no such letter waits.
     *
     * @throws IllegalStateException when the keys are others
     */
    public Optional<JsonObject> content(Connection database, String id, Sealing sealing) throws SQLException {
        try (PreparedStatement select = database.prepareStatement(
                "SELECT task_data FROM " + table + " WHERE task_instance = ? AND task_instance <> ?")) {
            select.setString(1, id);
            select.setString(2, CHORE);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(Outbox.content(sealing, row.getBytes(1))) : Optional.empty();
            }
        }
    }

    /** Returns the channel of a letter that waits; empty when none of that id does. */
    public Optional<String> channelOf(Connection database, String id) throws SQLException {
        try (PreparedStatement select = database.prepareStatement(
                "SELECT task_name FROM " + table + " WHERE task_instance = ? AND task_instance <> ?")) {
            select.setString(1, id);
            select.setString(2, CHORE);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Puts a letter into a channel, as {@link Outbox#put(String, JsonObject, Instant, Instant)} does, where no server runs.
     *
     * @param notBefore when it is tried first
     * @param expiresAt when the letter is given up
     * @param sealing   with the keys of the outbox
     */
    @SuppressWarnings("TooManyParameters") // what it works with
    public void put(Connection database, String channel, JsonObject content, Instant notBefore, Instant expiresAt,
            Sealing sealing, SecureRandom random) throws SQLException {
        byte[] id = new byte[16];
        random.nextBytes(id);
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO " + table
                + " (task_name, task_instance, task_data, execution_time, picked, version)"
                + " VALUES (?, ?, ?, ?, false, 1)")) {
            insert.setString(1, channel);
            insert.setString(2, UnpaddedBase64.encodeUrl(id));
            insert.setBytes(3, Outbox.sealed(sealing, content, expiresAt));
            insert.setObject(4, notBefore.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Has a letter tried as soon as a server is free. */
    public Change requeue(Connection database, String id) throws SQLException {
        return change(database, id, "UPDATE " + table + " SET execution_time = now()");
    }

    /** Has all letters tried as soon as servers are free; returns how many that are. */
    public int requeueAll(Connection database, Optional<String> channel) throws SQLException {
        try (PreparedStatement update = database.prepareStatement("UPDATE " + table
                + " SET execution_time = now() WHERE task_instance <> ? AND (? OR task_name = ?) AND NOT picked")) {
            update.setString(1, CHORE);
            update.setBoolean(2, channel.isEmpty());
            update.setString(3, channel.orElse(""));
            return update.executeUpdate();
        }
    }

    /** Gives a letter up: nobody tries it again. */
    public Change drop(Connection database, String id) throws SQLException {
        return change(database, id, "DELETE FROM " + table);
    }

    // A server that takes letters locks their rows first: either it has this one, or it never sees it as it was.
    private Change change(Connection database, String id, String how) throws SQLException {
        try (PreparedStatement change = database
                .prepareStatement(how + " WHERE task_instance = ? AND task_instance <> ? AND NOT picked")) {
            change.setString(1, id);
            change.setString(2, CHORE);
            if (change.executeUpdate() > 0) {
                return Change.DONE;
            }
        }
        try (PreparedStatement select = database
                .prepareStatement("SELECT 1 FROM " + table + " WHERE task_instance = ? AND task_instance <> ?")) {
            select.setString(1, id);
            select.setString(2, CHORE);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Change.UNDER_WAY : Change.UNKNOWN;
            }
        }
    }
}
