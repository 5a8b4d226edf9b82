package im.signet.names.handle;

import im.signet.kit.journal.Revocation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** A row about a handle that was given up: nothing but keyed hashes and times, so that a journal can keep it as it is. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Quarantine(byte[] handle, byte[] fold, byte[] id, byte[] last, byte[] chain, byte @Nullable [] account,
        boolean wasActive, Instant beganAt, Optional<Instant> endsAt) {

    private static final String ACTIVE = "active";
    private static final String OTHER = "other";

    static Quarantine read(ResultSet row, int number) throws SQLException {
        return new Quarantine(row.getBytes("handle_hash"), row.getBytes("fold_hash"), row.getBytes("id_hash"),
                row.getBytes("last_hash"), row.getBytes("chain_hash"), row.getBytes("account_hash"),
                row.getBoolean("was_active"), row.getObject("began_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("ends_at", OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }

    /** Returns it as an entry of a journal has it. */
    List<String> parts() {
        return List.of(Revocation.part(handle), Revocation.part(fold), Revocation.part(id), Revocation.part(last),
                Revocation.part(chain), account == null ? Revocation.NONE : Revocation.part(account),
                wasActive ? ACTIVE : OTHER, Revocation.part(beganAt),
                endsAt.map(Revocation::part).orElse(Revocation.NONE));
    }

    static Quarantine of(Revocation entry) {
        return new Quarantine(entry.bytes(0), entry.bytes(1), entry.bytes(2), entry.bytes(3), entry.bytes(4),
                entry.parts().get(5).equals(Revocation.NONE) ? null : entry.bytes(5),
                entry.parts().get(6).equals(ACTIVE), entry.time(7).orElseThrow(), entry.time(8));
    }

    void save(Connection database, String schema) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO " + schema + ".quarantine"
                + " (handle_hash, fold_hash, id_hash, last_hash, chain_hash, account_hash, was_active, began_at, ends_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (handle_hash) DO UPDATE SET"
                + " fold_hash = excluded.fold_hash, id_hash = excluded.id_hash, last_hash = excluded.last_hash,"
                + " chain_hash = excluded.chain_hash, account_hash = excluded.account_hash,"
                + " was_active = excluded.was_active, began_at = excluded.began_at, ends_at = excluded.ends_at")) {
            insert.setBytes(1, handle);
            insert.setBytes(2, fold);
            insert.setBytes(3, id);
            insert.setBytes(4, last);
            insert.setBytes(5, chain);
            insert.setBytes(6, account);
            insert.setBoolean(7, wasActive);
            insert.setObject(8, beganAt.atOffset(ZoneOffset.UTC));
            insert.setObject(9, endsAt.map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null),
                    Types.TIMESTAMP_WITH_TIMEZONE);
            insert.executeUpdate();
        }
    }
}
