package im.signet.identity.invitation;

import im.signet.kit.journal.JournalReading;
import im.signet.kit.journal.Revocation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

/** Keeps what people wanted of invitations since a backup was made: no more of them, or none in their name. */
public final class RestoredInvitations {

    /** An owner wants no more mail: the keyed hash of the address, and when they said so. */
    static final String UNWILLING = "unwilling";
    /** What somebody sent before a time is forgotten: the time, and the keyed hashes of the inviter. */
    static final String INVITER = "inviter";

    private RestoredInvitations() {}

    /**
     * Does in a restored schema what the journals say people wanted since.
     *
     * @param schema the schema's name
     * @param since  what they wanted before is in the backup
     * @return how many rows that concerned
     */
    public static long replay(Connection database, String schema, JournalReading journal, Instant since)
            throws SQLException {
        long changed = 0;
        try (PreparedStatement unwilling = database.prepareStatement("INSERT INTO " + schema
                + ".unwilling_address (address_hash, since) VALUES (?, ?) ON CONFLICT DO NOTHING");
                PreparedStatement sent = database.prepareStatement(
                        "DELETE FROM " + schema + ".invitation WHERE inviter_hash = ? AND created_at < ?")) {
            for (Revocation entry : journal.of("identity", UNWILLING, since)) {
                unwilling.setBytes(1, entry.bytes(0));
                unwilling.setObject(2, entry.time(1).orElseThrow().atOffset(ZoneOffset.UTC));
                changed += unwilling.executeUpdate();
            }
            for (Revocation entry : journal.of("identity", INVITER, since)) {
                for (int part = 1; part < entry.parts().size(); part++) {
                    sent.setBytes(1, entry.bytes(part));
                    sent.setObject(2, entry.time(0).orElseThrow().atOffset(ZoneOffset.UTC));
                    changed += sent.executeUpdate();
                }
            }
        }
        return changed;
    }
}
