package im.signet.names.handle;

import im.signet.protocol.handle.Handle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The operator keeps a handle from resolving, from the command line, while servers run. It can never be made to name another. */
public final class HandleSuspension {

    private HandleSuspension() {}

    /**
     * Suspends a handle, or ends that. A handle that has run out for good is nobody's, and is not suspended: that would keep
     * its owner's name for them for ever.
     *
     * @param database a connection that commits by itself
     * @return whether somebody has that handle
     */
    public static boolean set(Connection database, Handle handle, boolean suspended) throws SQLException {
        try (PreparedStatement update = database
                .prepareStatement("""
                        UPDATE names.binding SET suspended = ?
                        WHERE handle = ? AND (suspended OR expires_at > now() - make_interval(secs => ?))""")) {
            update.setBoolean(1, suspended);
            update.setString(2, handle.toString());
            update.setDouble(3, (double) RegisteredHandle.LAPSED.toSeconds());
            return update.executeUpdate() > 0;
        }
    }
}
