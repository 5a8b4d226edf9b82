package im.signet.kit.homeserver;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operator blocks homeservers, from the command line, while servers run, which see it within a second or so. */
public final class HomeserverBlocks {

    private HomeserverBlocks() {}

    /** A block that there is. */
    public record Block(String pattern, Instant since, Optional<String> reason) {}

    /**
     * Blocks, in the schema of one service.
     *
     * @return whether it was not blocked so already
     */
    public static boolean add(Connection database, String schema, HomeserverPattern pattern, Optional<String> reason)
            throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO " + schema
                + ".homeserver_block (pattern, reason) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, pattern.toString());
            insert.setString(2, reason.orElse(null));
            return insert.executeUpdate() > 0;
        }
    }

    /** Ends a block, in the schema of one service; returns whether there was one that is written so. */
    public static boolean remove(Connection database, String schema, HomeserverPattern pattern) throws SQLException {
        try (PreparedStatement delete = database
                .prepareStatement("DELETE FROM " + schema + ".homeserver_block WHERE pattern = ?")) {
            delete.setString(1, pattern.toString());
            return delete.executeUpdate() > 0;
        }
    }

    /** Returns the blocks in the schema of one service. */
    public static List<Block> list(Connection database, String schema) throws SQLException {
        List<Block> blocks = new ArrayList<>();
        try (PreparedStatement select = database.prepareStatement(
                "SELECT pattern, since, reason FROM " + schema + ".homeserver_block ORDER BY pattern");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                blocks.add(new Block(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getString(3))));
            }
        }
        return blocks;
    }
}
