package im.signet.terms.account;

import im.signet.protocol.identifier.UserId;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a terms-service holds of a user, for its operator.
 *
 * @param tokens      how many access tokens can be used
 * @param lastUsed    when one was used last, as far as that is written down
 * @param acceptances what the user accepted, the oldest first
 */
public record AccountFindings(long tokens, Optional<Instant> lastUsed, List<Acceptance> acceptances) {

    /**
     * That a policy was accepted.
     *
     * @param withdrawn whether the user took that back
     */
    public record Acceptance(String policy, String version, String language, Instant at, boolean withdrawn) {}

    /** Returns what there is. */
    public static AccountFindings of(Connection database, UserId user) throws SQLException {
        List<Acceptance> acceptances = new ArrayList<>();
        try (PreparedStatement select = database.prepareStatement("""
                SELECT policy, version, language, accepted_at, withdrawal_id IS NOT NULL
                FROM terms.acceptance WHERE user_id = ? ORDER BY id""")) {
            select.setString(1, user.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    acceptances.add(new Acceptance(row.getString(1), row.getString(2), row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant(), row.getBoolean(5)));
                }
            }
        }
        try (PreparedStatement select = database.prepareStatement("""
                SELECT count(*), max(coalesce(used_at, created_at))
                FROM terms.access_token WHERE user_id = ? AND expires_at > now()""")) {
            select.setString(1, user.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new AccountFindings(row.getLong(1),
                        Optional.ofNullable(row.getObject(2, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                        List.copyOf(acceptances));
            }
        }
    }
}
