package im.signet.kit.limit;

import im.signet.kit.key.KeyedHash;
import im.signet.kit.web.ClientAddress;

import java.net.InetAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What a limit wrote down of a client, for who has the database and the keys: whether a request was counted as theirs. */
public final class LimitTrace {

    private LimitTrace() {}

    /**
     * Returns a text that changes when the client uses the limit; empty while nothing is written down of it.
     *
     * @param schema the schema of the service that has the limit
     * @param hash   the keys of that service's buckets
     */
    public static Optional<String> of(Connection database, String schema, KeyedHash hash, Limit limit,
            InetAddress client) throws SQLException {
        String sql = "SELECT md5(state) FROM " + schema + ".limit_bucket WHERE id = ?";
        try (PreparedStatement query = database.prepareStatement(sql)) {
            query.setBytes(1, hash.current(limit.by(ClientAddress.of(client)).bucket()));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }
}
