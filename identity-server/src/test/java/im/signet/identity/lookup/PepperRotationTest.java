package im.signet.identity.lookup;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Association;
import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.database.TestServer;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class PepperRotationTest {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration GRACE_AND_MARGIN = Generations.GRACE.plus(Generations.MARGIN);
    private static final int MANY = 12_000;
    private static final String STRASSE = "strau\u00DFe@example.org";

    private final TestDatabase database;
    private final MovableClock clock = MovableClock.standing();
    private final KeyRing lookupKeys = KeyRings.of("lookup-hash");
    private final KeyedHash lookupHash = new KeyedHash(lookupKeys);
    private final AddressesAtRest atRest = new AddressesAtRest(
            new Sealing(KeyRings.of("address"), new SecureRandom()), new KeyedHash(KeyRings.of("address-hash")));
    private final List<Replica> replicas = new ArrayList<>();
    private final Replica server;
    private final DirectoryOracle oracle;

    PepperRotationTest(TestServer testServer) {
        database = TestDatabase.freshOn(testServer);
        new SchemaMigration(database.dataSource(), "identity", "classpath:db/kit", "classpath:db/identity").migrate();
        server = replica(lookupHash);
        oracle = new DirectoryOracle(server, atRest, lookupHash, clock);
    }

    private Replica replica(KeyedHash hash) {
        Replica replica = new Replica(database, atRest, hash, clock);
        replicas.add(replica);
        return replica;
    }

    @AfterEach
    void stop() {
        replicas.forEach(Replica::close);
    }

    /** Puts associations and their entries into the database: every tenth has two spellings, every twentieth is hidden. */
    private void populate(int count) {
        Timestamp now = Timestamp.from(clock.instant());
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Address address = Address.of(Medium.EMAIL, i % 10 == 0 ? "strau\u00DF" + i + "@example.org" : plain(i));
            AddressesAtRest.Columns columns = atRest.store(address);
            rows.add(new Object[]{columns.sealed(), columns.hash(), columns.key(), "@user" + i + ":example.org", now,
                now, i % 20 != 1,
                i % 10 == 0 ? atRest.sealSpelling("strau\u00DF" + i + "@example.org") : null});
        }
        server.batches().batchUpdate("""
                INSERT INTO identity.association (address_sealed, address_hash, address_key, user_id, proven_at, bound_at,
                    discoverable, spellings_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""", rows);
        rotateNow();
        assertThat(entries()).isEqualTo(count - count / 20 + count / 10);
        clock.advance(GRACE_AND_MARGIN);
        server.rotation().run();
    }

    private static String plain(int i) {
        return "user" + i + "@example.org";
    }

    private void rotateNow() {
        request();
        server.rotation().run();
        assertThat(generations().next()).isEmpty();
    }

    private PepperRotationRequest request() {
        return withConnection(PepperRotationRequest::leave);
    }

    private PepperRotationRequest.Progress progress(PepperRotationRequest request) {
        return withConnection(request::progress);
    }

    private interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private <T> T withConnection(Work<T> work) {
        try (Connection connection = database.dataSource().getConnection()) {
            return work.with(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Generations generations() {
        return server.generations().read();
    }

    private long entries() {
        return server.jdbc().sql("SELECT count(*) FROM identity.lookup_entry").query(Long.class).single();
    }

    private long entriesOf(Generation generation) {
        return server.jdbc()
                .sql("SELECT count(*) FROM identity.lookup_entry WHERE pepper_id = ?")
                .param(generation.id())
                .query(Long.class)
                .single();
    }

    @Test
    void makesTheFirstPepperOnceAlsoWhenManyStartTogether() throws Exception {
        TestDatabase fresh = TestDatabase.fresh();
        new SchemaMigration(fresh.dataSource(), "identity", "classpath:db/kit", "classpath:db/identity").migrate();
        Set<Pepper> peppers = new HashSet<>();
        try (ExecutorService starts = Executors.newFixedThreadPool(4)) {
            List<Future<Replica>> started = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                started.add(starts.submit(() -> new Replica(fresh, atRest, lookupHash, clock)));
            }
            for (Future<Replica> replica : started) {
                replicas.add(replica.get());
                peppers.add(replica.get().lookup().pepper());
            }
        }
        assertThat(peppers).hasSize(1);
    }

    @Test
    void leavesThePepperAloneUntilItHasHadItsTime() {
        Pepper pepper = server.lookup().pepper();
        clock.advance(MONTH.minusMillis(1));
        assertThat(server.rotation().step()).isFalse();
        assertThat(server.lookup().pepper()).isEqualTo(pepper);
    }

    @Test
    void buildsTheNextGenerationInSmallTransactions() {
        populate(MANY);
        Pepper former = server.lookup().pepper();
        clock.advance(MONTH);
        PepperRotation rotation = server.rotation();
        assertThat(rotation.step()).isTrue();
        Generation next = generations().next().orElseThrow();
        long before = 0;
        // 11,400 of the 12,000 may be found.
        for (int batch = 0; batch < 3; batch++) {
            assertThat(rotation.step()).isTrue();
            long now = entriesOf(next);
            // An association has one entry or two.
            assertThat(now - before).isPositive().isLessThanOrEqualTo(2L * PepperRotation.BATCH);
            before = now;
            assertThat(server.lookup().pepper()).isEqualTo(former);
            assertThat(server.look(plain(3))).isEqualTo("@user3:example.org");
            assertThat(server.look(plain(3), next.pepper())).isEqualTo("wrong pepper");
        }
        assertThat(rotation.step()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(server.lookup().pepper()).isEqualTo(next.pepper());
        assertThat(rotation.step()).isFalse();
        oracle.assertInStep();
    }

    @Test
    void findsBothSpellingsWithEachPepper() {
        server.bind(STRASSE, "@bob:example.org");
        Pepper former = server.lookup().pepper();
        rotateNow();
        rotateNow();
        clock.advance(Duration.ofSeconds(1));
        assertThat(server.lookup().pepper()).isNotEqualTo(former);
        for (Pepper pepper : List.of(former, server.lookup().pepper())) {
            assertThat(server.look(STRASSE, pepper)).isEqualTo("@bob:example.org");
            assertThat(server.look("strausse@example.org", pepper)).isEqualTo("@bob:example.org");
            assertThat(server.look("Strausse@example.org", pepper)).isEqualTo("nobody");
        }
    }

    @Test
    void keepsHiddenWhoDoesNotWantToBeFound() {
        server.bind("hidden@example.org", "@hidden:example.org", false);
        rotateNow();
        clock.advance(Duration.ofSeconds(1));
        assertThat(server.look("hidden@example.org")).isEqualTo("nobody");
        assertThat(entries()).isZero();
    }

    @Test
    void acceptsTheFormerPepperForAnHour() {
        server.bind("alice@example.org", "@alice:example.org");
        Pepper former = server.lookup().pepper();
        rotateNow();
        clock.advance(Duration.ofMinutes(59));
        server.rotation().run();
        assertThat(server.look("alice@example.org", former)).isEqualTo("@alice:example.org");
        server.bind("late@example.org", "@late:example.org");
        assertThat(server.look("late@example.org", former)).isEqualTo("@late:example.org");
        clock.advance(Duration.ofMinutes(1));
        assertThat(server.look("alice@example.org", former)).isEqualTo("wrong pepper");
        assertThat(server.look("alice@example.org")).isEqualTo("@alice:example.org");
    }

    @Test
    void clearsTheFormerGenerationInBatches() {
        populate(MANY);
        Generation former = generations().current();
        rotateNow();
        clock.advance(GRACE_AND_MARGIN.minusMillis(1));
        assertThat(server.rotation().step()).isFalse();
        clock.advance(Duration.ofMillis(1));
        long before = entriesOf(former);
        int batches = 0;
        while (server.rotation().step()) {
            long now = entriesOf(former);
            assertThat(before - now).isLessThanOrEqualTo(PepperRotation.BATCH);
            before = now;
            batches++;
        }
        assertThat(batches).isEqualTo(4); // 12,600 entries, and the pepper itself
        assertThat(generations().all()).hasSize(1);
        oracle.assertInStep();
    }

    @Test
    void rotatesWhenTheOperatorAsks() {
        server.bind("alice@example.org", "@alice:example.org");
        Pepper former = server.lookup().pepper();
        PepperRotationRequest request = request();
        assertThat(progress(request)).isEqualTo(PepperRotationRequest.Progress.WAITING);
        assertThat(server.rotation().step()).isTrue();
        assertThat(server.rotation().step()).isTrue();
        assertThat(progress(request)).isEqualTo(PepperRotationRequest.Progress.UNDER_WAY);
        assertThat(server.rotation().step()).isTrue();
        assertThat(progress(request)).isEqualTo(PepperRotationRequest.Progress.DONE);
        assertThat(server.rotation().step()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(server.lookup().pepper()).isNotEqualTo(former);
        assertThat(server.look("alice@example.org")).isEqualTo("@alice:example.org");
    }

    @Test
    void answersSeveralRequestsWithOneRotation() {
        PepperRotationRequest first = request();
        server.rotation().step();
        PepperRotationRequest second = request();
        server.rotation().run();
        assertThat(progress(first)).isEqualTo(PepperRotationRequest.Progress.DONE);
        assertThat(progress(second)).isEqualTo(PepperRotationRequest.Progress.DONE);
        assertThat(generations().all()).hasSize(2);
    }

    @Test
    void remembersARequestUntilItsPepperHasGone() {
        PepperRotationRequest request = request();
        server.rotation().run();
        rotateNow();
        clock.advance(GRACE_AND_MARGIN);
        server.rotation().run();
        assertThat(progress(request)).isEqualTo(PepperRotationRequest.Progress.DONE);
        assertThat(
                server.jdbc().sql("SELECT count(*) FROM identity.pepper_rotation_request").query(Long.class).single())
                .isEqualTo(1);
    }

    @Test
    void makesEntriesOfWhatIsBoundWhileItBuilds() {
        server.bind("before@example.org", "@before:example.org");
        request();
        PepperRotation rotation = server.rotation();
        rotation.step();
        server.bind("meanwhile@example.org", "@meanwhile:example.org");
        rotation.step();
        server.bind("passed@example.org", "@passed:example.org");
        server.bind("before@example.org", "@another:example.org");
        rotation.run();
        oracle.assertInStep();
        clock.advance(Duration.ofSeconds(1));
        assertThat(server.look("passed@example.org")).isEqualTo("@passed:example.org");
        assertThat(server.look("before@example.org")).isEqualTo("@another:example.org");
    }

    @Test
    void missesNoBindingThatBeganBeforeTheGeneration() throws Exception {
        CountDownLatch bound = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        request();
        try (ExecutorService binder = Executors.newSingleThreadExecutor()) {
            Future<?> binding = binder.submit(() -> server.transactions().executeWithoutResult(_ -> {
                server.bind("slow@example.org", "@slow:example.org");
                bound.countDown();
                await(mayCommit);
            }));
            await(bound);
            assertThatThrownBy(() -> server.rotation().step()).hasStackTraceContaining("lock timeout");
            server.rotation().run(); // gives way as well, and says nothing
            assertThat(generations().next()).isEmpty();
            mayCommit.countDown();
            binding.get();
        }
        server.rotation().run();
        assertThat(generations().all()).hasSize(2);
        oracle.assertInStep();
    }

    @Test
    void bringsBackNothingThatIsRemovedWhileItBuilds() throws Exception {
        Association gone = server.bind("gone@example.org", "@gone:example.org");
        server.bind("stays@example.org", "@stays:example.org");
        CountDownLatch removed = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        request();
        server.rotation().step();
        try (ExecutorService remover = Executors.newSingleThreadExecutor()) {
            Future<?> removal = remover.submit(() -> server.transactions().executeWithoutResult(_ -> {
                server.jdbc().sql("DELETE FROM identity.association WHERE id = ?").param(gone.id()).update();
                removed.countDown();
                await(mayCommit);
            }));
            await(removed);
            assertThatThrownBy(() -> server.rotation().step()).hasStackTraceContaining("lock timeout");
            mayCommit.countDown();
            removal.get();
        }
        server.rotation().run();
        oracle.assertInStep();
        server.remove("stays@example.org");
        assertThat(entries()).isZero();
    }

    @Test
    void losesNothingWhoseRemovalIsTakenBackWhileItBuilds() throws Exception {
        Association kept = server.bind("kept@example.org", "@kept:example.org");
        request();
        server.rotation().step();
        server.transactions().executeWithoutResult(status -> {
            server.jdbc().sql("DELETE FROM identity.association WHERE id = ?").param(kept.id()).update();
            try (ExecutorService builder = Executors.newSingleThreadExecutor()) {
                assertThat(builder.submit(() -> server.rotation().run())).succeedsWithin(Duration.ofSeconds(30));
            }
            status.setRollbackOnly();
        });
        server.rotation().run();
        oracle.assertInStep();
        clock.advance(Duration.ofSeconds(1));
        assertThat(server.look("kept@example.org")).isEqualTo("@kept:example.org");
    }

    @Test
    void goesOnAfterACrashInAnyTransaction() {
        populate(MANY);
        // Begin, three batches, the switch; three batches of clearing, the end: nine, each of which is the last once.
        for (Crashing.Moment moment : Crashing.Moment.values()) {
            for (int number = 1; number <= 9; number++) {
                clock.advance(MONTH);
                crash(server.rotation(server.directory(),
                        Crashing.inTransaction(server.transactions(), number, moment)));
                assertThat(server.look(plain(3))).isEqualTo("@user3:example.org");
                server.rotation().run();
                assertThat(generations().next()).isEmpty();
                assertThat(server.look(plain(3))).isEqualTo("@user3:example.org");
                oracle.assertInStep();
            }
        }
        clock.advance(GRACE_AND_MARGIN);
        server.rotation().run();
        assertThat(generations().all()).hasSize(1);
        oracle.assertInStep();
    }

    @Test
    void goesOnAfterACrashInAnyWriting() {
        populate(MANY);
        for (int number = 1; number <= 7; number++) {
            clock.advance(MONTH);
            crash(server.rotation(Crashing.inWriting(server.directory(), number), server.transactions()));
            assertThat(server.look(plain(3))).isEqualTo("@user3:example.org");
            server.rotation().run();
            oracle.assertInStep();
        }
    }

    /** Runs what crashes: while it rotates, or while it clears what it has put out of use. */
    private void crash(PepperRotation rotation) {
        assertThatThrownBy(() -> {
            rotation.run();
            clock.advance(GRACE_AND_MARGIN);
            rotation.run();
        }).isInstanceOf(Crashing.Crash.class);
    }

    @Test
    void restsAfterAFailureAndThenGoesOn() {
        server.bind("alice@example.org", "@alice:example.org");
        request();
        AtomicInteger tries = new AtomicInteger();
        TransactionOperations failing = new TransactionOperations() {
            @Override
            public <T extends @Nullable Object> T execute(
                    TransactionCallback<T> action) {
                tries.incrementAndGet();
                throw new IllegalStateException("the database broke");
            }
        };
        PepperRotation rotation = server.rotation(server.directory(), failing);
        assertThatThrownBy(rotation::run).isInstanceOf(IllegalStateException.class);
        rotation.run();
        clock.advance(Duration.ofSeconds(29));
        rotation.run();
        assertThat(tries).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(rotation::run).isInstanceOf(IllegalStateException.class);
        assertThat(tries).hasValue(2);
    }

    @Test
    void letsOneOfSeveralServersDoIt() throws Exception {
        populate(MANY);
        Replica other = replica(lookupHash);
        request();
        try (ExecutorService servers = Executors.newFixedThreadPool(2)) {
            List<Future<?>> runs = new ArrayList<>();
            for (Replica replica : List.of(server, other)) {
                runs.add(servers.submit(() -> {
                    while (generations().all().size() < 2 || generations().next().isPresent()) {
                        replica.rotation().run();
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(generations().all()).hasSize(2);
        oracle.assertInStep();
    }

    @Test
    void isKnownAtOnceToAServerThatHasNotLookedSince() {
        server.bind("alice@example.org", "@alice:example.org");
        Replica other = replica(lookupHash);
        Pepper former = other.lookup().pepper();
        rotateNow();
        // The clock stands: the other server believes what it read before.
        assertThat(other.lookup().pepper()).isEqualTo(former);
        Pepper current = generations().current().pepper();
        assertThat(other.look("alice@example.org", current)).isEqualTo("@alice:example.org");
        assertThat(other.lookup().pepper()).isEqualTo(current);
        assertThat(server.look("alice@example.org", former)).isEqualTo("@alice:example.org");
    }

    @Test
    void tellsThePepperInUseToWhoHasAWrongOne() {
        Pepper former = server.lookup().pepper();
        rotateNow();
        clock.advance(GRACE_AND_MARGIN);
        Pepper current = generations().current().pepper();
        for (String wrong : List.of(former.value(), "unheard", "", "no pepper at all", current.value() + "x")) {
            assertThat(server.lookup().find(Replica.SOMEBODY, Algorithm.SHA256, wrong, List.of()))
                    .isEqualTo(new Lookup.Answer.WrongPepper(current));
        }
    }

    @Test
    void losesNothingInARaceOfBindingsRemovalsAndRotations() throws Exception {
        populate(6_000);
        Replica other = replica(lookupHash);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger changes = new AtomicInteger();
        try (ExecutorService racers = Executors.newFixedThreadPool(6)) {
            List<Future<?>> racing = new ArrayList<>();
            for (int racer = 0; racer < 6; racer++) {
                Replica replica = racer % 2 == 0 ? server : other;
                RandomGenerator dice = RandomGeneratorFactory.of("L64X128MixRandom").create(racer);
                racing.add(racers.submit(() -> {
                    while (!over.get()) {
                        // Four hundred addresses are fought over; some were there before, some are typed with capitals.
                        int n = dice.nextInt(400);
                        String address = n % 3 == 0 ? "STRAU\u00DF" + n + "@example.org" : plain(n);
                        if (dice.nextInt(3) == 0) {
                            replica.remove(address);
                        } else {
                            replica.bind(address, "@r" + dice.nextInt(1000) + ":example.org", dice.nextInt(8) != 0);
                        }
                        changes.incrementAndGet();
                    }
                }));
            }
            int rotations = 0;
            for (int round = 0; round < 6 || changes.get() < 600; round++) {
                request();
                long wanted = generations().current().id();
                for (int tries = 0; tries < 600 && generations().current().id() == wanted; tries++) {
                    (round % 2 == 0 ? server : other).rotation().run();
                }
                if (generations().current().id() > wanted) {
                    rotations++;
                }
                if (round % 2 == 1) {
                    clock.advance(GRACE_AND_MARGIN);
                }
            }
            over.set(true);
            for (Future<?> racer : racing) {
                racer.get(60, TimeUnit.SECONDS);
            }
            assertThat(rotations).isGreaterThanOrEqualTo(6);
        }
        oracle.assertInStep();
        clock.advance(GRACE_AND_MARGIN);
        server.rotation().run();
        assertThat(generations().all()).hasSize(1);
        oracle.assertInStep();
    }

    @Test
    void neverAnswersWronglyWhileTwoServersGoThroughRotations() throws Exception {
        populate(MANY);
        Replica other = replica(lookupHash);
        List<Replica> both = List.of(server, other);
        // A client's two requests belong together: the clock does not jump an hour between them.
        ReadWriteLock time = new ReentrantReadWriteLock();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            List<Future<?>> asking = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                RandomGenerator dice = RandomGeneratorFactory.of("L64X128MixRandom").create(client);
                asking.add(clients.submit(() -> {
                    while (!over.get()) {
                        int n = 2 + 10 * dice.nextInt(MANY / 10);
                        time.readLock().lock();
                        try {
                            Pepper pepper = both.get(dice.nextInt(2)).lookup().pepper();
                            assertThat(both.get(dice.nextInt(2)).look(plain(n), pepper))
                                    .isEqualTo("@user" + n + ":example.org");
                            assertThat(both.get(dice.nextInt(2)).look("no-" + plain(n), pepper)).isEqualTo("nobody");
                        } finally {
                            time.readLock().unlock();
                        }
                        answered.incrementAndGet();
                    }
                }));
            }
            for (int month = 0; month < 5 || answered.get() < 500; month++) {
                jump(time, MONTH);
                Pepper former = generations().current().pepper();
                both.get(month % 2).rotation().run();
                assertThat(generations().current().pepper()).isNotEqualTo(former);
                jump(time, Duration.ofMinutes(59));
                for (Replica replica : both) {
                    assertThat(replica.look(plain(2), former)).isEqualTo("@user2:example.org");
                }
                jump(time, Duration.ofMinutes(1));
                for (Replica replica : both) {
                    assertThat(replica.look(plain(2), former)).isEqualTo("wrong pepper");
                }
                jump(time, Generations.MARGIN);
                both.get((month + 1) % 2).rotation().run();
                assertThat(generations().all()).hasSize(1);
            }
            over.set(true);
            for (Future<?> client : asking) {
                client.get(60, TimeUnit.SECONDS);
            }
        }
        oracle.assertInStep();
    }

    private void jump(ReadWriteLock time, Duration by) {
        time.writeLock().lock();
        try {
            clock.advance(by);
        } finally {
            time.writeLock().unlock();
        }
    }

    @Test
    void clearsAroundARemovalUnderWay() throws Exception {
        Association gone = server.bind("gone@example.org", "@gone:example.org");
        server.bind("stays@example.org", "@stays:example.org");
        rotateNow();
        clock.advance(GRACE_AND_MARGIN);
        server.transactions().executeWithoutResult(_ -> {
            server.jdbc().sql("DELETE FROM identity.association WHERE id = ?").param(gone.id()).update();
            try (ExecutorService chore = Executors.newSingleThreadExecutor()) {
                assertThat(chore.submit(() -> server.rotation().run())).succeedsWithin(Duration.ofSeconds(30));
            }
        });
        assertThat(generations().all()).hasSize(2);
        server.rotation().run();
        assertThat(generations().all()).hasSize(1);
        oracle.assertInStep();
    }

    @Test
    void letsALookupKeyRetire() {
        server.bind("alice@example.org", "@alice:example.org");
        for (KeyRing.Key key : lookupKeys.all()) {
            use(key.id());
        }
        KeyRing newer = KeyRings.withNewer(lookupKeys, "k2");
        use("k2");
        KeyedHash both = new KeyedHash(newer);
        Replica restarted = replica(both);
        assertThat(restarted.look("alice@example.org")).isEqualTo("@alice:example.org");
        restarted.bind("bob@example.org", "@bob:example.org");
        assertThat(restarted.look("bob@example.org")).isEqualTo("@bob:example.org");
        request();
        restarted.rotation().run();
        assertThat(inUse()).containsExactly("k1", "k2");
        clock.advance(GRACE_AND_MARGIN);
        restarted.rotation().run();
        assertThat(inUse()).containsExactly("k2");
        assertThat(server.jdbc()
                .sql("SELECT DISTINCT entry_key FROM identity.lookup_entry")
                .query(String.class)
                .list()).containsExactly("k2");
        assertThat(restarted.look("alice@example.org")).isEqualTo("@alice:example.org");
        new DirectoryOracle(restarted, atRest, both, clock).assertInStep();
    }

    private void use(String key) {
        server.jdbc()
                .sql("INSERT INTO identity.key_in_use (purpose, key_id) VALUES ('lookup-hash', ?)")
                .param(key)
                .update();
    }

    private List<String> inUse() {
        return server.jdbc()
                .sql("SELECT key_id FROM identity.key_in_use WHERE purpose = 'lookup-hash' ORDER BY key_id")
                .query((row, _) -> row.getString(1))
                .list();
    }

    @Test
    void keepsNoAddressInTheOpen() {
        server.bind("Strau\u00DFe.canary@example.org", "@canary:example.org");
        rotateNow();
        for (String table : List.of("association", "lookup_entry", "pepper")) {
            List<String> rows = server.jdbc()
                    .sql("SELECT t::text FROM identity." + table + " t")
                    .query((row, _) -> row.getString(1))
                    .list();
            assertThat(rows).isNotEmpty().noneMatch(row -> row.contains("stra") || row.contains("canary@"));
        }
        byte[] spelling = server.jdbc()
                .sql("SELECT spellings_sealed FROM identity.association")
                .query((row, _) -> row.getBytes(1))
                .single();
        assertThat(new String(spelling, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
        byte[] hash = LookupHash.of(Address.of(Medium.EMAIL, "strausse.canary@example.org"), server.lookup().pepper())
                .toBytes();
        assertThat(server.jdbc()
                .sql("SELECT count(*) FROM identity.lookup_entry WHERE entry_hash = ?")
                .param(hash)
                .query(Long.class)
                .single()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
