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
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Keeps addresses from being bound again by a backup that were unbound since it was made. */
public final class RestoredAssociations {

    /**
     * An address was unbound from a user: when the binding that ended was made, and keyed hashes of the
     * {@linkplain #nameOf name} of the two. Those made before have ended with it, whichever of them a backup has.
     */
    static final String UNBOUND = "unbound";

    private RestoredAssociations() {}

    /** Returns what tells an address and a user from every other two; it is never written down. */
    static String[] nameOf(byte[] addressHash, String user) {
        return new String[]{Revocation.part(addressHash), user};
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
        Map<String, Instant> madeUntil = new HashMap<>();
        journal.of("identity", UNBOUND, since)
                .forEach(entry -> entry.parts()
                        .stream()
                        .skip(1)
                        .forEach(name -> madeUntil.merge(name, entry.time(0).orElseThrow(),
                                BinaryOperator.maxBy(Comparator.naturalOrder()))));
        if (madeUntil.isEmpty()) {
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
                if (RevocationJournal.hashes(hash, UNBOUND, nameOf(address, user))
                        .stream()
                        .anyMatch(name -> !madeUntil.getOrDefault(name, Instant.MIN).isBefore(boundAt))) {
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
