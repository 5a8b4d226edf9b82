package im.signet.identity.block;

import im.signet.identity.address.AddressesAtRest;
import im.signet.protocol.identifier.Address;

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

/** The operator blocks addresses, from the command line, while servers run. */
public final class AddressBlocks {

    private AddressBlocks() {}

    /** A range that is blocked. */
    public record Range(String pattern, Instant since, Optional<String> reason) {}

    /** An address that is blocked, of which nothing is known but that. */
    public record Hidden(Instant since, Optional<String> reason) {}

    /**
     * Waits for those who bind in this moment, and keeps others from binding until the running transaction ends. Whoever
     * blocks takes this first.
     *
     * @param database a connection within a transaction
     */
    public static void lock(Connection database) throws SQLException {
        try (PreparedStatement lock = database
                .prepareStatement("SELECT pg_advisory_xact_lock(" + BlockedAddresses.LOCK + ")")) {
            lock.execute();
        }
    }

    /** Blocks an address; returns whether it was not already. */
    public static boolean add(Connection database, AddressesAtRest atRest, Address address, Optional<String> reason)
            throws SQLException {
        if (find(database, atRest, address).isPresent()) {
            return false;
        }
        try (PreparedStatement insert = database.prepareStatement("""
                INSERT INTO identity.blocked_address (address_hash, reason) VALUES (?, ?) ON CONFLICT DO NOTHING""")) {
            insert.setBytes(1, atRest.store(address).hash());
            insert.setString(2, reason.orElse(null));
            return insert.executeUpdate() > 0;
        }
    }

    /** Blocks a range; returns whether it was not already. */
    public static boolean add(Connection database, AddressRange range, Optional<String> reason) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("""
                INSERT INTO identity.blocked_range (pattern, reason) VALUES (?, ?) ON CONFLICT DO NOTHING""")) {
            insert.setString(1, range.pattern());
            insert.setString(2, reason.orElse(null));
            return insert.executeUpdate() > 0;
        }
    }

    /** Ends the block of an address; returns whether there was one. */
    public static boolean remove(Connection database, AddressesAtRest atRest, Address address) throws SQLException {
        try (PreparedStatement delete = database
                .prepareStatement("DELETE FROM identity.blocked_address WHERE address_hash = ANY (?)")) {
            delete.setArray(1, hashes(database, atRest, address));
            return delete.executeUpdate() > 0;
        }
    }

    /** Ends the block of a range; returns whether there was one that is written so. */
    public static boolean remove(Connection database, AddressRange range) throws SQLException {
        try (PreparedStatement delete = database
                .prepareStatement("DELETE FROM identity.blocked_range WHERE pattern = ?")) {
            delete.setString(1, range.pattern());
            return delete.executeUpdate() > 0;
        }
    }

    /** Returns the block of an address itself; empty when there is none. */
    public static Optional<Hidden> find(Connection database, AddressesAtRest atRest, Address address)
            throws SQLException {
        try (PreparedStatement select = database
                .prepareStatement("SELECT since, reason FROM identity.blocked_address WHERE address_hash = ANY (?)")) {
            select.setArray(1, hashes(database, atRest, address));
            return hidden(select).stream().findFirst();
        }
    }

    /** Returns the blocked ranges that an address is in. */
    public static List<Range> around(Connection database, Address address) throws SQLException {
        List<String> around = AddressRange.around(address);
        return ranges(database).stream().filter(range -> around.contains(range.pattern())).toList();
    }

    /** Returns all blocks of single addresses, the oldest first. */
    public static List<Hidden> addresses(Connection database) throws SQLException {
        try (PreparedStatement select = database
                .prepareStatement("SELECT since, reason FROM identity.blocked_address ORDER BY since")) {
            return hidden(select);
        }
    }

    /** Returns all ranges that are blocked. */
    public static List<Range> ranges(Connection database) throws SQLException {
        List<Range> ranges = new ArrayList<>();
        try (PreparedStatement select = database
                .prepareStatement("SELECT pattern, since, reason FROM identity.blocked_range ORDER BY pattern");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ranges.add(new Range(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getString(3))));
            }
        }
        return ranges;
    }

    private static List<Hidden> hidden(PreparedStatement select) throws SQLException {
        List<Hidden> hidden = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                hidden.add(new Hidden(row.getObject(1, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getString(2))));
            }
        }
        return hidden;
    }

    private static Array hashes(Connection database, AddressesAtRest atRest, Address address)
            throws SQLException {
        return database.createArrayOf("bytea", atRest.hashesOf(address).toArray(byte[][]::new));
    }
}
