package im.signet.names.identity;

import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.OpId;

import java.util.List;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The chains that are kept here, each checked once by each server. Safe for use by many threads. */
@Component
public final class IdentityChains {

    // A long chain is two megabytes; the usual one, some kilobytes.
    private static final int OPERATIONS_IN_MEMORY = 50_000;

    private final JdbcClient jdbc;
    // By head: what was checked once stays true.
    private final Cache<OpId, IdentityChain> checked = Caffeine.newBuilder()
            .maximumWeight(OPERATIONS_IN_MEMORY)
            .weigher((OpId _, IdentityChain chain) -> chain.operations().size())
            .build();

    IdentityChains(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the newest chain of an identity; empty when none is kept. */
    public Optional<IdentityChain> find(IdentityId id) {
        Optional<OpId> head = jdbc.sql("SELECT head FROM names.identity WHERE id = :id")
                .param("id", id.value())
                .query((row, _) -> new OpId(row.getString(1)))
                .optional();
        return head.flatMap(newest -> Optional.ofNullable(checked.getIfPresent(newest)).or(() -> load(id)));
    }

    private Optional<IdentityChain> load(IdentityId id) {
        List<Jws> operations = jdbc.sql("SELECT jws FROM names.operation WHERE id = :id ORDER BY seq")
                .param("id", id.value())
                .query((row, _) -> Jws.parse(row.getString(1)).orElseThrow())
                .list();
        if (operations.isEmpty()) {
            return Optional.empty(); // deleted since
        }
        IdentityChain chain = IdentityChain.replay(operations).orElseThrow();
        remember(chain);
        return Optional.of(chain);
    }

    private void remember(IdentityChain chain) {
        checked.put(chain.identity().head(), chain);
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
        jdbc.sql("""
                INSERT INTO names.identity (id, seq, head) VALUES (:id, :seq, :head)
                ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, head = excluded.head""")
                .param("id", id)
                .param("seq", chain.identity().seq())
                .param("head", chain.identity().head().value())
                .update();
        for (int seq = known; seq < chain.operations().size(); seq++) {
            jdbc.sql("INSERT INTO names.operation (id, seq, jws) VALUES (:id, :seq, :jws)")
                    .param("id", id)
                    .param("seq", seq)
                    .param("jws", chain.operations().get(seq).toText())
                    .update();
        }
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
