package im.signet.terms.acceptance;

import im.signet.kit.holding.Ending;
import im.signet.kit.journal.JournalReading;
import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyedHash;
import im.signet.protocol.identifier.UserId;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps users' consent from coming back by a backup that they have withdrawn since, and users who were erased. */
public final class RestoredConsent {

    /** A user has withdrawn: the keyed hash of the user. */
    static final String WITHDRAWN = "withdrawn";
    /** A user was erased: the same. */
    static final String ERASED = "erased";
    /** What users are hashed as, whatever they ended. */
    static final String USER = "user";

    private RestoredConsent() {}

    /** What else is done about a user whose consent was ended here. */
    @FunctionalInterface
    public interface Then {
        /** Does it; {@code at} is when the user ended it. */
        void ended(UserId user, Ending ending, Instant at) throws SQLException;
    }

    /**
     * Ends in a restored schema the consent that the journals say was ended.
     *
     * @param schema the schema's name
     * @param keys   those of the purpose {@code journal}
     * @param since  what was ended before is not in the backup
     * @param then   called for each user, in the same transaction
     * @return how many users that were
     */
    public static long replay(Connection database, String schema, JournalReading journal, KeyRing keys, Instant since,
            Then then) throws SQLException {
        List<Revocation> withdrawn = journal.of("terms", WITHDRAWN, since);
        List<Revocation> erased = journal.of("terms", ERASED, since);
        if (withdrawn.isEmpty() && erased.isEmpty()) {
            return 0;
        }
        Map<String, String> users = users(database, schema, new KeyedHash(keys));
        long ended = 0;
        for (Revocation entry : withdrawn) {
            String user = users.get(entry.parts().getFirst());
            if (user != null && withdraw(database, schema, user, entry.at())) {
                then.ended(UserId.of(user), Ending.WITHDRAWN, entry.at());
                ended++;
            }
        }
        for (Revocation entry : erased) {
            String user = users.get(entry.parts().getFirst());
            if (user != null && erase(database, schema, user, entry.at())) {
                then.ended(UserId.of(user), Ending.ERASED, entry.at());
                ended++;
            }
        }
        return ended;
    }

    private static Map<String, String> users(Connection database, String schema, KeyedHash hash) throws SQLException {
        List<String> users = new ArrayList<>();
        try (PreparedStatement query = database.prepareStatement("SELECT user_id FROM " + schema
                + ".acceptance UNION SELECT user_id FROM " + schema + ".withdrawal");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                users.add(rows.getString(1));
            }
        }
        Map<String, String> byHash = new HashMap<>();
        users.forEach(user -> RevocationJournal.hashes(hash, USER, user).forEach(one -> byHash.put(one, user)));
        return byHash;
    }

    private static boolean withdraw(Connection database, String schema, String user, Instant at) throws SQLException {
        try (PreparedStatement current = database.prepareStatement("SELECT 1 FROM " + schema
                + ".acceptance WHERE user_id = ? AND withdrawal_id IS NULL AND accepted_at < ?");
                PreparedStatement add = database.prepareStatement("INSERT INTO " + schema
                        + ".withdrawal (user_id, withdrawn_at) VALUES (?, ?) RETURNING id");
                PreparedStatement end = database.prepareStatement("UPDATE " + schema
                        + ".acceptance SET withdrawal_id = ? WHERE user_id = ? AND withdrawal_id IS NULL"
                        + " AND accepted_at < ?")) {
            current.setString(1, user);
            current.setObject(2, at.atOffset(ZoneOffset.UTC));
            try (ResultSet rows = current.executeQuery()) {
                if (!rows.next()) {
                    return false;
                }
            }
            add.setString(1, user);
            add.setObject(2, at.atOffset(ZoneOffset.UTC));
            try (ResultSet added = add.executeQuery()) {
                added.next();
                end.setLong(1, added.getLong(1));
            }
            end.setString(2, user);
            end.setObject(3, at.atOffset(ZoneOffset.UTC));
            return end.executeUpdate() > 0;
        }
    }

    private static boolean erase(Connection database, String schema, String user, Instant at) throws SQLException {
        try (PreparedStatement acceptances = database.prepareStatement(
                "DELETE FROM " + schema + ".acceptance WHERE user_id = ? AND accepted_at < ?");
                PreparedStatement withdrawals = database.prepareStatement("DELETE FROM " + schema
                        + ".withdrawal w WHERE user_id = ? AND withdrawn_at < ? AND NOT EXISTS (SELECT FROM " + schema
                        + ".acceptance a WHERE a.withdrawal_id = w.id)")) {
            acceptances.setString(1, user);
            acceptances.setObject(2, at.atOffset(ZoneOffset.UTC));
            withdrawals.setString(1, user);
            withdrawals.setObject(2, at.atOffset(ZoneOffset.UTC));
            return acceptances.executeUpdate() + withdrawals.executeUpdate() > 0;
        }
    }
}
