package im.signet.kit.limit;

import im.signet.kit.key.KeyedHash;
import im.signet.protocol.error.ErrorCode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConfigurationBuilder;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Token buckets in PostgreSQL, one a limit and claimant, shared by all replicas; a bucket is found by a keyed hash, so that
 * the table tells nobody's name. Safe to use from many threads.
 *
 * <p>
 * Claims are taken in the running transaction where there is one, on its connection: what it undoes was never spent, and no
 * request that holds a connection waits for a second one. Claims of one request are locked in one order, so that requests
 * never wait for each other in a circle, and only those that share a bucket wait at all.
 *
 * <p>
 * It fails closed: while the database cannot be reached nothing passes, and the caller gets the exception of the database.
 * All that is limited here writes to the same database, so that letting it pass would only have it fail later, after a
 * homeserver was asked in vain.
 */
public final class Limits {

    private final JdbcClient jdbc;
    private final TransactionTemplate together;
    private final String table;
    private final ProxyManager<byte[]> buckets;
    private final KeyedHash hash;
    private final boolean enabled;
    private final Clock clock;

    /**
     * @param schema the service's schema, which holds the table {@code limit_bucket}
     * @param hash   finds buckets
     */
    public Limits(DataSource dataSource, PlatformTransactionManager transactions, String schema, KeyedHash hash,
            LimitProperties settings, Clock clock) {
        this.jdbc = JdbcClient.create(dataSource);
        this.together = new TransactionTemplate(transactions);
        this.together.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        this.table = schema + ".limit_bucket";
        this.buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(new TransactionBoundDataSource(dataSource))
                .<byte[]>primaryKeyMapper((statement, index, id) -> statement.setBytes(index, id))
                .table(table)
                .idColumn("id")
                .stateColumn("state")
                .addCustomColumn(new FullAtColumn())
                .clientClock(new WallClock(clock))
                .build();
        this.hash = hash;
        this.enabled = settings.enabled();
        this.clock = clock;
    }

    /** A bucket of a claim, found by a keyed hash. */
    @SuppressWarnings("ArrayRecordComponent") // compared by what it holds, below
    private record Bucket(byte[] id, Limit limit) {

        static final Comparator<Bucket> IN_ONE_ORDER = (one, other) -> Arrays.compareUnsigned(one.id, other.id);
    }

    /**
     * Takes one from the bucket of each claim, or from none of them.
     *
     * @throws im.signet.protocol.error.MatrixException M_LIMIT_EXCEEDED when one of them is empty, with the time after which
     *             all of them have one; a running transaction is undone by it
     */
    public void take(Limit.Claim... claims) {
        delay(claims).ifPresent(delay -> {
            throw ErrorCode.M_LIMIT_EXCEEDED.because("too many requests of this kind; wait before the next one")
                    .withRetryAfter(delay);
        });
    }

    /** Takes one from the bucket of each claim, or from none of them, and returns whether it did. */
    public boolean tryTake(Limit.Claim... claims) {
        return delay(claims).isEmpty();
    }

    /** Deletes the buckets that have been full for a while: one that is not there is full as well. */
    public void deleteFull() {
        // Those that somebody takes from right now are passed over: to wait for them could be to wait in a circle.
        jdbc.sql("DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table
                + " WHERE full_at < :before FOR UPDATE SKIP LOCKED)")
                .param("before", clock.instant().minus(Duration.ofMinutes(1)).atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Takes the claims, or returns how long it is until they could be taken. */
    private Optional<Duration> delay(Limit.Claim... claims) {
        if (!enabled) {
            return Optional.empty();
        }
        List<Bucket> inOrder = Arrays.stream(claims)
                .map(claim -> new Bucket(hash.current(claim.bucket()), claim.limit()))
                .sorted(Bucket.IN_ONE_ORDER)
                .toList();
        Duration longest = together.execute(undertaking -> {
            Duration delay = Duration.ZERO;
            for (Bucket bucket : inOrder) {
                ConsumptionProbe probe = buckets.builder()
                        .build(bucket.id(), () -> configurationOf(bucket.limit()))
                        .tryConsumeAndReturnRemaining(1);
                Duration own = Duration.ofNanos(probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill()));
                if (!probe.isConsumed()) {
                    Refusals.count(bucket.limit().name());
                }
                delay = own.compareTo(delay) > 0 ? own : delay;
            }
            if (!delay.isZero()) {
                undertaking.setRollbackOnly();
            }
            return delay;
        });
        return Optional.of(longest).filter(delay -> !delay.isZero());
    }

    private static BucketConfiguration configurationOf(Limit limit) {
        ConfigurationBuilder configuration = BucketConfiguration.builder();
        limit.rates().forEach(rate -> configuration.addLimit(rate.bandwidth()));
        return configuration.build();
    }

    /** The injected clock, as the library wants it: in nanoseconds since 1970, which suffice until 2262. */
    private record WallClock(Clock clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
