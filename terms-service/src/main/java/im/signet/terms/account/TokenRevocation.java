package im.signet.terms.account;

import im.signet.protocol.identifier.UserId;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The operator ends access tokens, from the command line, while servers run. */
public final class TokenRevocation {

    private TokenRevocation() {}

    /**
     * Ends all tokens of a user.
     *
     * @param database a connection that commits by itself
     * @return how many could still be used
     */
    public static long revoke(Connection database, UserId user) throws SQLException {
        try (PreparedStatement delete = database.prepareStatement("""
                WITH locked AS (
                    SELECT token_hash FROM terms.access_token WHERE user_id = ? ORDER BY token_hash FOR UPDATE),
                ended AS (
                    DELETE FROM terms.access_token USING locked
                    WHERE access_token.token_hash = locked.token_hash RETURNING expires_at)
                SELECT count(*) FROM ended WHERE expires_at > now()""")) {
            delete.setString(1, user.value());
            return count(delete);
        }
    }

    /**
     * Ends all tokens of everybody.
     *
     * @param database a connection that commits by itself
     * @return how many could still be used
     */
    public static long revokeAll(Connection database) throws SQLException {
        try (PreparedStatement delete = database.prepareStatement("""
                WITH locked AS (SELECT token_hash FROM terms.access_token ORDER BY token_hash FOR UPDATE),
                ended AS (
                    DELETE FROM terms.access_token USING locked
                    WHERE access_token.token_hash = locked.token_hash RETURNING expires_at)
                SELECT count(*) FROM ended WHERE expires_at > now()""")) {
            return count(delete);
        }
    }

    private static long count(PreparedStatement delete) throws SQLException {
        try (ResultSet counted = delete.executeQuery()) {
            counted.next();
            return counted.getLong(1);
        }
    }
}
