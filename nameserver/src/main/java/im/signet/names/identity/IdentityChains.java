package im.signet.names.identity;

import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.OpId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The chains that are kept here, each checked once by each server. Safe for use by many threads. */
@Component
public final class IdentityChains {

    // In characters. The usual chain is some kilobytes, and the longest some megabytes.
    private static final long MEMORY = 64L * 1024 * 1024;

    private final JdbcClient jdbc;
    // What was checked once stays true.
    private final Cache<Kept, IdentityChain> checked = Caffeine.newBuilder()
            .maximumWeight(MEMORY)
            .weigher((Kept _, IdentityChain chain) -> Math.toIntExact(chain.size()))
            .build();

    /** Which operations are kept: a head alone says what they are, and not who signed them. */
    private record Kept(long number, OpId head) {}

    IdentityChains(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the newest chain of an identity; empty when none is kept. */
    public Optional<IdentityChain> find(IdentityId id) {
        Optional<Kept> kept = jdbc.sql("SELECT number, head FROM names.identity WHERE id = :id")
                .param("id", id.value())
                .query((row, _) -> new Kept(row.getLong(1), new OpId(row.getString(2))))
                .optional();
        return kept.flatMap(newest -> Optional.ofNullable(checked.getIfPresent(newest)).or(() -> load(id)));
    }

    private Optional<IdentityChain> load(IdentityId id) {
        List<Long> number = new ArrayList<>();
        List<String> rows = jdbc.sql("""
                SELECT i.number, o.jws FROM names.identity i JOIN names.operation o ON o.id = i.id
                WHERE i.id = :id ORDER BY o.seq""")
                .param("id", id.value())
                .query((row, _) -> {
                    number.add(row.getLong(1));
                    return String.valueOf(row.getString(2));
                })
                .list();
        if (rows.isEmpty()) {
            return Optional.empty(); // deleted since
        }
        OpId head = Jws.parse(rows.getLast()).orElseThrow().opId();
        // Of all who want it at once, one checks it: a long chain takes a second. The database is not needed for that.
        return Optional.of(checked.get(new Kept(number.getFirst(), head), _ -> IdentityChain
                .replay(rows.stream().map(row -> Jws.parse(row).orElseThrow()).toList())
                .orElseThrow()));
    }

    /** Keeps what {@code chain} has more than is kept; in a transaction that has the lock of the chain. */
    public void save(IdentityChain chain) {
        String id = chain.identity().id().value();
        int known = jdbc.sql("SELECT count(*) FROM names.operation WHERE id = :id")
                .param("id", id)
                .query(Integer.class)
                .single();
        if (known == chain.operations().size()) {
            return;
        }
        long number = jdbc.sql("""
                INSERT INTO names.identity (id, seq, head) VALUES (:id, :seq, :head)
                ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, head = excluded.head RETURNING number""")
                .param("id", id)
                .param("seq", chain.identity().seq())
                .param("head", chain.identity().head().value())
                .query(Long.class)
                .single();
        for (int seq = known; seq < chain.operations().size(); seq++) {
            jdbc.sql("INSERT INTO names.operation (id, seq, jws) VALUES (:id, :seq, :jws)")
                    .param("id", id)
                    .param("seq", seq)
                    .param("jws", chain.operations().get(seq).toText())
                    .update();
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                checked.put(new Kept(number, chain.identity().head()), chain);
            }
        });
    }

    /** Returns whether the chain came from a backup and its owner has not shown what may be missing; nothing changes it so long. */
    public boolean isRestored(IdentityId id) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM names.identity WHERE id = :id AND restored_in IS NOT NULL)")
                .param("id", id.value())
                .query(Boolean.class)
                .single();
    }

    /** Notes that the owner has shown the newest chain; in a transaction that has the lock of the chain. */
    public void settle(IdentityId id) {
        jdbc.sql("UPDATE names.identity SET restored_in = NULL WHERE id = :id").param("id", id.value()).update();
    }

    /** Forgets an identity that no handle names any more; in a transaction that has the lock of the chain. */
    public void deleteIfUnused(IdentityId id) {
        jdbc.sql("""
                DELETE FROM names.identity i WHERE i.id = :id
                    AND NOT EXISTS (SELECT FROM names.binding b WHERE b.id = i.id)""")
                .param("id", id.value())
                .update();
    }
}
