package im.signet.identity.administration;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.block.AddressBlocks;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.kit.outbox.WaitingLetters;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
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
 * What an identity-server holds about an address besides whose it is.
 *
 * @param sessions     proofs of it, under way or complete
 * @param invitations  how many invitations wait for it to be bound, or for its owner's homeserver
 * @param unwilling    since when its owner wants no invitations by mail
 * @param blocked      how it is blocked itself
 * @param ranges       the blocked ranges it is in
 * @param lastProof    when it was last proven, while it is bound to nobody and an older proof could still be used
 * @param undelivered  how many messages to it wait
 */
public record AddressFindings(List<Session> sessions, long invitations, Optional<Instant> unwilling,
        Optional<AddressBlocks.Hidden> blocked, List<AddressBlocks.Range> ranges, Optional<Instant> lastProof,
        long undelivered) {

    private static final int MOST_LETTERS = 100_000;

    /**
     * A proof of an address.
     *
     * @param user     who asked for it
     * @param state    {@code validated}, {@code waiting} or {@code disowned}
     * @param modified when it came to that
     */
    public record Session(UserId user, String state, Instant modified) {}

    /** Returns what there is about an address. Opens every letter that waits. */
    public static AddressFindings about(Connection database, AddressesAtRest atRest, Sealing outbox, Address address)
            throws SQLException {
        Array hashes = database.createArrayOf("bytea", atRest.hashesOf(address).toArray(byte[][]::new));
        return new AddressFindings(sessions(database, hashes), count(database,
                "SELECT count(*) FROM identity.invitation WHERE address_hash = ANY (?) AND expires_at > now()", hashes),
                instant(database, "SELECT min(since) FROM identity.unwilling_address WHERE address_hash = ANY (?)",
                        hashes),
                AddressBlocks.find(database, atRest, address), AddressBlocks.around(database, address),
                instant(database, "SELECT max(proven_at) FROM identity.unbound_address WHERE address_hash = ANY (?)",
                        hashes),
                undelivered(database, outbox, address));
    }

    /** Returns how many invitations wait that a user sent, of those that are known to be theirs. */
    public static long sentBy(Connection database, KeyedHash inviters, UserId user) throws SQLException {
        Array hashes = database.createArrayOf("bytea",
                inviters.underEachKey(user.value().getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
        return count(database,
                "SELECT count(*) FROM identity.invitation WHERE inviter_hash = ANY (?) AND expires_at > now()", hashes);
    }

    private static List<Session> sessions(Connection database, Array hashes) throws SQLException {
        List<Session> sessions = new ArrayList<>();
        try (PreparedStatement select = database.prepareStatement("""
                SELECT user_id, CASE WHEN disowned_at IS NOT NULL THEN 'disowned' WHEN validated_at IS NULL THEN 'waiting'
                    ELSE 'validated' END, coalesce(disowned_at, modified_at)
                FROM identity.validation_session WHERE address_hash = ANY (?) ORDER BY modified_at""")) {
            select.setArray(1, hashes);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sessions.add(new Session(UserId.of(row.getString(1)), row.getString(2),
                            row.getObject(3, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return sessions;
    }

    private static long undelivered(Connection database, Sealing outbox, Address address) throws SQLException {
        WaitingLetters letters = new WaitingLetters("identity");
        long found = 0;
        for (String channel : List.of("mail", "sms")) {
            for (WaitingLetters.Waiting letter : letters.list(database, Optional.of(channel), MOST_LETTERS)) {
                if (letters.content(database, letter.id(), outbox)
                        .flatMap(content -> content.string("to"))
                        .filter(address.value()::equals)
                        .isPresent()) {
                    found++;
                }
            }
        }
        return found;
    }

    private static long count(Connection database, String query, Array hashes) throws SQLException {
        try (PreparedStatement select = database.prepareStatement(query)) {
            select.setArray(1, hashes);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Optional<Instant> instant(Connection database, String query, Array hashes) throws SQLException {
        try (PreparedStatement select = database.prepareStatement(query)) {
            select.setArray(1, hashes);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getObject(1, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
            }
        }
    }
}
