package im.signet.identity.lookup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The operator's wish for a new pepper, left in the database for whichever server sees it first. Servers look every second
 * or so.
 *
 * @param id names it
 */
public record PepperRotationRequest(long id) {

    /** What became of a request. */
    public enum Progress {
        /** No server has seen it yet. */
        WAITING,
        /** The next generation is being built. */
        UNDER_WAY,
        /** The new pepper is in use. */
        DONE
    }

    /** Leaves a request; it is there when this returns, also for a connection that commits by itself. */
    public static PepperRotationRequest leave(Connection database) throws SQLException {
        try (PreparedStatement insert = database
                .prepareStatement("INSERT INTO identity.pepper_rotation_request DEFAULT VALUES RETURNING id");
                ResultSet row = insert.executeQuery()) {
            row.next();
            return new PepperRotationRequest(row.getLong(1));
        }
    }

    /** Returns how far it has come by now. */
    public Progress progress(Connection database) throws SQLException {
        try (PreparedStatement select = database.prepareStatement("""
                SELECT pepper.id, pepper.current_since
                FROM identity.pepper_rotation_request request LEFT JOIN identity.pepper ON pepper.id = request.pepper_id
                WHERE request.id = ?""")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    // Gone together with its pepper, which has had its time.
                    return Progress.DONE;
                }
                if (row.getObject(1) == null) {
                    return Progress.WAITING;
                }
                return row.getObject(2) == null ? Progress.UNDER_WAY : Progress.DONE;
            }
        }
    }
}
