package im.signet.identity.association;

import im.signet.kit.journal.JournalReading;
import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyedHash;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;

/** Keeps addresses from being bound again by a backup that were unbound since it was made. */
public final class RestoredAssociations {

    /** An association has ended: keyed hashes of its {@linkplain #nameOf name}. */
    static final String ENDED = "association";

    private RestoredAssociations() {}

    /** Returns what tells an association from every other, also of the same address and user, and is never written down. */
    static String[] nameOf(byte[] addressHash, String user, Instant boundAt) {
        return new String[]{Revocation.part(addressHash), user, Revocation.part(boundAt)};
    }

    /**
     * Ends in a restored schema the associations that the journals say were ended, and takes back invitations on their way to
     * whose they were.
     *
     * @param schema the schema's name
     * @param keys   those of the purpose {@code journal}
     * @param since  what was ended before is not in the backup
     * @return how many associations that were
     */
    public static long replay(Connection database, String schema, JournalReading journal, KeyRing keys, Instant since)
            throws SQLException {
        Set<String> ended = new HashSet<>();
        journal.of("identity", ENDED, since).forEach(entry -> ended.addAll(entry.parts()));
        if (ended.isEmpty()) {
            return 0;
        }
        KeyedHash hash = new KeyedHash(keys);
        long removed = 0;
        try (PreparedStatement query = database.prepareStatement(
                "SELECT id, address_hash, user_id, bound_at FROM " + schema + ".association");
                ResultSet rows = query.executeQuery();
                PreparedStatement invitations = database.prepareStatement(
                        "DELETE FROM " + schema + ".invitation WHERE address_hash = ? AND assigned_to = ?");
                PreparedStatement association = database
                        .prepareStatement("DELETE FROM " + schema + ".association WHERE id = ?")) {
            while (rows.next()) {
                byte[] address = rows.getBytes(2);
                String user = rows.getString(3);
                Instant boundAt = rows.getObject(4, OffsetDateTime.class).toInstant();
                if (RevocationJournal.hashes(hash, ENDED, nameOf(address, user, boundAt))
                        .stream()
                        .anyMatch(ended::contains)) {
                    invitations.setBytes(1, address);
                    invitations.setString(2, user);
                    invitations.executeUpdate();
                    association.setLong(1, rows.getLong(1));
                    removed += association.executeUpdate();
                }
            }
        }
        return removed;
    }
}
