package im.signet.identity.invitation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The operator takes back an invitation, from the command line, while servers run. */
public final class InvitationWithdrawal {

    private InvitationWithdrawal() {}

    /**
     * Takes back an invitation, whether its address was bound or not. What was delivered or mailed already cannot be
     * unsaid, but nobody can accept it here any more.
     *
     * @param database a connection that commits by itself
     * @return whether there was one of that token
     */
    public static boolean withdraw(Connection database, String token) throws SQLException {
        if (!Invitations.isToken(token)) {
            return false;
        }
        try (PreparedStatement delete = database.prepareStatement("DELETE FROM identity.invitation WHERE token = ?")) {
            delete.setString(1, token);
            return delete.executeUpdate() > 0;
        }
    }
}
