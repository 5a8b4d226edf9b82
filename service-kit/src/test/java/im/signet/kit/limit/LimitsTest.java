package im.signet.kit.limit;

import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.database.TestServer;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.error.MatrixException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class LimitsTest {

    private static final Limit THREE_AN_HOUR = limit("three", "3 then 1 per 1h");
    private static final Limit ONE = limit("one", "1 then 1 per 5m");

    private final TestDatabase database;
    private final KeyedHash hash = new KeyedHash(KeyRings.of("limit"));
    private final SteppedClock clock = new SteppedClock();
    private final JdbcClient jdbc;
    private final Limits limits;

    LimitsTest(TestServer server) {
        database = TestDatabase.freshOn(server);
        jdbc = JdbcClient.create(database.dataSource());
        limits = on(database.dataSource());
    }

    private static final class SteppedClock extends Clock {

        private volatile Instant now = Instant.parse("2026-11-21T09:30:00.000000001Z");

        void step(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only UTC is needed");
        }
    }

    @BeforeEach
    void migrate() {
        new SchemaMigration(database.dataSource(), "identity", "classpath:db/kit").migrate();
    }

    private Limits on(DataSource dataSource) {
        return new Limits(dataSource, new JdbcTransactionManager(dataSource), "identity", hash,
                new LimitProperties(true),
                clock);
    }

    private TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));
    }

    private static Limit limit(String name, String... rates) {
        return new Limit(name, Stream.of(rates).map(Rate::valueOf).toList());
    }

    private void spend(Limit.Claim claim, int times) {
        for (int i = 0; i < times; i++) {
            limits.take(claim);
        }
    }

    private void refuses(Duration delay, Limit.Claim... claims) {
        assertThatExceptionOfType(MatrixException.class).isThrownBy(() -> limits.take(claims)).satisfies(refusal -> {
            assertThat(refusal.errorCode()).isEqualTo(ErrorCode.M_LIMIT_EXCEEDED);
            assertThat(refusal.status()).isEqualTo(429);
            assertThat(refusal.retryAfter()).contains(delay);
        });
    }

    private long rows() {
        return jdbc.sql("SELECT count(*) FROM identity.limit_bucket").query(Long.class).single();
    }

    @Test
    void letsTheBurstThroughAndSaysHowLongToWait() {
        spend(THREE_AN_HOUR.by("alice"), 3);
        refuses(Duration.ofHours(1), THREE_AN_HOUR.by("alice"));
        clock.step(Duration.ofMinutes(20));
        refuses(Duration.ofMinutes(40), THREE_AN_HOUR.by("alice"));
        limits.take(THREE_AN_HOUR.by("bob"));
    }

    @Test
    void givesBackAsTimeGoesByAndNeverMoreThanTheBurst() {
        spend(THREE_AN_HOUR.by("alice"), 3);
        clock.step(Duration.ofHours(1));
        limits.take(THREE_AN_HOUR.by("alice"));
        refuses(Duration.ofHours(1), THREE_AN_HOUR.by("alice"));
        clock.step(Duration.ofDays(30));
        spend(THREE_AN_HOUR.by("alice"), 3);
        refuses(Duration.ofHours(1), THREE_AN_HOUR.by("alice"));
    }

    @Test
    void survivesAClockThatIsSetBack() {
        spend(THREE_AN_HOUR.by("alice"), 2);
        clock.step(Duration.ofHours(-5));
        limits.take(THREE_AN_HOUR.by("alice"));
        assertThat(limits.tryTake(THREE_AN_HOUR.by("alice"))).isFalse();
    }

    @Test
    void asksEveryRateOfALimit() {
        Limit.Claim claim = limit("invites", "2 then 1 per 5s", "4 then 4 per 1d").by("alice");
        spend(claim, 2);
        refuses(Duration.ofSeconds(5), claim);
        clock.step(Duration.ofSeconds(10));
        spend(claim, 2);
        clock.step(Duration.ofSeconds(10));
        refuses(Duration.ofHours(6).minusSeconds(20), claim);
    }

    @Test
    void takesAllOrNothing() {
        limits.take(ONE.by("alice"));
        for (int i = 0; i < 5; i++) {
            refuses(Duration.ofMinutes(5), THREE_AN_HOUR.by("alice"), ONE.by("alice"));
            assertThat(limits.tryTake(THREE_AN_HOUR.by("alice"), ONE.by("alice"))).isFalse();
        }
        spend(THREE_AN_HOUR.by("alice"), 3);
    }

    @Test
    void saysHowLongItIsUntilAllOfThemPass() {
        spend(THREE_AN_HOUR.by("alice"), 3);
        limits.take(ONE.by("alice"));
        refuses(Duration.ofHours(1), THREE_AN_HOUR.by("alice"), ONE.by("alice"));
        refuses(Duration.ofHours(1), ONE.by("alice"), THREE_AN_HOUR.by("alice"));
    }

    @Test
    void spendsNothingOnWhatIsUndone() {
        transaction().executeWithoutResult(status -> {
            spend(THREE_AN_HOUR.by("alice"), 3);
            status.setRollbackOnly();
        });
        spend(THREE_AN_HOUR.by("alice"), 3);
    }

    @Test
    void leavesTheTransactionAloneWhereItOnlyAsks() {
        limits.take(ONE.by("alice"));
        transaction().executeWithoutResult(_ -> {
            limits.take(ONE.by("bob"));
            assertThat(limits.tryTake(THREE_AN_HOUR.by("bob"), ONE.by("alice"))).isFalse();
        });
        assertThat(limits.tryTake(ONE.by("bob"))).isFalse();
        spend(THREE_AN_HOUR.by("bob"), 3);
    }

    @Test
    void needsNoSecondConnection() {
        try (HikariDataSource single = pool(1)) {
            Limits narrow = on(single);
            new TransactionTemplate(new JdbcTransactionManager(single))
                    .executeWithoutResult(_ -> narrow.take(THREE_AN_HOUR.by("alice"), ONE.by("alice")));
            assertThat(narrow.tryTake(ONE.by("alice"))).isFalse();
        }
    }

    private HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(60_000);
        return new HikariDataSource(config);
    }

    @Test
    void isSharedByAllReplicas() {
        try (HikariDataSource other = pool(2)) {
            Limits replica = on(other);
            limits.take(THREE_AN_HOUR.by("alice"));
            replica.take(THREE_AN_HOUR.by("alice"));
            limits.take(THREE_AN_HOUR.by("alice"));
            assertThat(replica.tryTake(THREE_AN_HOUR.by("alice"))).isFalse();
        }
    }

    private <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
        }
        return results;
    }

    @Test
    void letsExactlyTheBurstThroughAtOnce() throws Exception {
        try (HikariDataSource patient = pool(8)) {
            Limits crowded = on(patient);
            Limit ten = limit("ten", "10 then 1 per 1h");
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                tasks.add(() -> crowded.tryTake(ten.by("alice"), ONE.by("alice")) || crowded.tryTake(ten.by("alice")));
            }
            assertThat(atOnce(tasks)).filteredOn(taken -> taken).hasSize(10);
        }
    }

    @Test
    void neverWaitsInACircle() throws Exception {
        try (HikariDataSource patient = pool(8)) {
            Limits crowded = on(patient);
            Limit.Claim one = limit("many", "1000 then 1 per 1h").by("alice");
            Limit.Claim other = limit("many", "1000 then 1 per 1h").by("bob");
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                tasks.add(() -> crowded.tryTake(one, other));
                tasks.add(() -> crowded.tryTake(other, one));
            }
            assertThat(atOnce(tasks)).hasSize(80).doesNotContain(false);
        }
    }

    @Test
    void failsClosed() {
        HikariDataSource pool = pool(1);
        Limits cutOff = on(pool);
        cutOff.take(ONE.by("alice"));
        pool.close();
        assertThatThrownBy(() -> cutOff.take(ONE.by("bob"))).isNotInstanceOf(MatrixException.class);
        assertThatThrownBy(() -> cutOff.tryTake(ONE.by("bob"))).isNotInstanceOf(MatrixException.class);
    }

    @Test
    void forgetsFullBucketsOnly() {
        spend(THREE_AN_HOUR.by("alice"), 3);
        limits.take(ONE.by("alice"));
        clock.step(Duration.ofMinutes(7));
        limits.deleteFull();
        assertThat(rows()).isEqualTo(1);
        refuses(Duration.ofMinutes(53), THREE_AN_HOUR.by("alice"));
        clock.step(Duration.ofHours(3));
        limits.deleteFull();
        assertThat(rows()).isZero();
        spend(THREE_AN_HOUR.by("alice"), 3);
        assertThat(limits.tryTake(THREE_AN_HOUR.by("alice"))).isFalse();
    }

    @Test
    void waitsForNobodyToForget() {
        limits.take(ONE.by("alice"));
        limits.take(ONE.by("bob"));
        clock.step(Duration.ofHours(1));
        transaction().executeWithoutResult(_ -> {
            limits.take(ONE.by("alice"));
            assertThat(CompletableFuture.runAsync(limits::deleteFull))
                    .succeedsWithin(Duration.ofSeconds(60));
        });
        assertThat(rows()).isEqualTo(1);
        assertThat(limits.tryTake(ONE.by("alice"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.org", "447700900123"})
    void writesNobodysName(String name) {
        limits.take(THREE_AN_HOUR.by(name), THREE_AN_HOUR.by("@canary:example.org", name));
        assertThat(jdbc
                .sql("SELECT encode(id, 'escape') || encode(state, 'escape') || t::text FROM identity.limit_bucket t")
                .query(String.class)
                .list()).hasSize(2).noneMatch(row -> row.contains(name) || row.contains("canary"));
        assertThat(THREE_AN_HOUR.by(name)).hasToString("Claim[three]");
    }

    @Test
    void beginsAnewWhereTheSettingChanged() {
        spend(THREE_AN_HOUR.by("alice"), 3);
        limits.take(limit("three", "4 then 1 per 1h").by("alice"));
        assertThat(limits.tryTake(THREE_AN_HOUR.by("alice"))).isFalse();
    }

    @Test
    void limitsNothingWhereItIsTurnedOff() {
        Limits off = new Limits(database.dataSource(), new JdbcTransactionManager(database.dataSource()), "identity",
                hash,
                new LimitProperties(false), clock);
        for (int i = 0; i < 20; i++) {
            off.take(ONE.by("alice"));
        }
        assertThat(rows()).isZero();
    }
}
