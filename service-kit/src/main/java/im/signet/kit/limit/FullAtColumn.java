package im.signet.kit.limit;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

import io.github.bucket4j.distributed.jdbc.CustomColumnProvider;
import io.github.bucket4j.distributed.remote.RemoteBucketState;

/** Writes when a bucket will be full again. The library's own such column goes by the system's clock. */
final class FullAtColumn implements CustomColumnProvider<byte[]> {

    @Override
    public void setCustomField(byte[] id, int index, PreparedStatement statement, RemoteBucketState state,
            long nowNanos) throws SQLException {
        Instant fullAt = Instant.ofEpochSecond(0, nowNanos).plusNanos(state.calculateFullRefillingTime(nowNanos));
        statement.setObject(index, fullAt.atOffset(ZoneOffset.UTC));
    }

    @Override
    public String getCustomFieldName() {
        return "full_at";
    }
}
