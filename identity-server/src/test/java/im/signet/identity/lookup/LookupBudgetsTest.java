package im.signet.identity.lookup;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.identifier.Medium;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/** Two servers on one database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LookupBudgetsTest {

    private final TestDatabase database = TestDatabase.fresh();
    private final MovableClock clock = MovableClock.standing();
    private final AtomicInteger count = new AtomicInteger();
    private final Replica one;
    private final Replica other;
    private Subject account = new Subject(Subject.Kind.ACCOUNT, "@nobody:example.org");
    private Instant start = clock.instant();

    LookupBudgetsTest() {
        new SchemaMigration(database.dataSource(), "identity", "classpath:db/kit", "classpath:db/identity").migrate();
        AddressesAtRest atRest = new AddressesAtRest(new Sealing(KeyRings.of("address"), new SecureRandom()),
                new KeyedHash(KeyRings.of("address-hash")));
        KeyedHash lookupHash = new KeyedHash(KeyRings.of("lookup-hash"));
        String[] settings = {"signet.limits.lookups-per-account=100 then 6 per 1h",
            "signet.limits.lookups-per-homeserver=400 then 0 per 1h"};
        one = new Replica(database, atRest, lookupHash, clock, settings);
        other = new Replica(database, atRest, lookupHash, clock, settings);
    }

    @AfterAll
    void stop() {
        one.close();
        other.close();
    }

    @BeforeEach
    void begin() {
        account = account();
        start = clock.instant();
    }

    private Subject account() {
        return new Subject(Subject.Kind.ACCOUNT, "@user" + count.incrementAndGet() + ":example.org");
    }

    /** Returns the pepper in use, as if it had come into use when the test began. */
    private Generation generation() {
        Generation current = one.generations().read().current();
        return new Generation(current.id(), current.pepper(), start, current.builtTo());
    }

    /** Returns hashes that no other test asks for. */
    private Set<LookupHash> fresh(int howMany) {
        Generation generation = generation();
        return IntStream.range(0, howMany)
                .mapToObj(_ -> LookupHash.of(Medium.EMAIL, "a" + count.incrementAndGet() + "@example.org",
                        generation.pepper()))
                .collect(Collectors.toSet());
    }

    private boolean isGranted(Replica server, Set<LookupHash> hashes, Subject... subjects) {
        return server.budgets().ask(List.of(subjects), generation(), hashes) instanceof LookupBudgets.Check.Granted;
    }

    private Duration retryAfter(Replica server, Set<LookupHash> hashes, Subject... subjects) {
        return ((LookupBudgets.Check.Exhausted) server.budgets().ask(List.of(subjects), generation(), hashes))
                .retryAfter();
    }

    private List<String> rows() {
        return one.jdbc()
                .sql("SELECT xmin::text || ' ' || subject || charged FROM identity.lookup_budget ORDER BY subject")
                .query((row, _) -> row.getString(1))
                .list();
    }

    private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(tasks, 2, TimeUnit.MINUTES)) {
                results.add(result.get());
            }
            return results;
        }
    }

    @Test
    void isOneBudgetForAllServers() {
        assertThat(isGranted(one, fresh(50), account)).isTrue();
        assertThat(isGranted(other, fresh(40), account)).isTrue();
        assertThat(isGranted(one, fresh(40), account)).isFalse();
        assertThat(isGranted(other, fresh(40), account)).isFalse();
        assertThat(isGranted(other, fresh(40), account())).as("another account").isTrue();
    }

    @Test
    void writesNothingForRepeatsWhoeverAnswersThem() {
        Set<LookupHash> known = fresh(90);
        assertThat(isGranted(one, known, account)).isTrue();
        List<String> before = rows();
        for (int i = 0; i < 20; i++) {
            assertThat(isGranted(i % 2 == 0 ? one : other, known, account)).isTrue();
            assertThat(isGranted(one, Set.of(known.iterator().next()), account)).isTrue();
        }
        assertThat(isGranted(one, Set.of(), account)).isTrue();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void repeatsAreFreeAlsoWhenAllIsSpent() {
        Set<LookupHash> known = fresh(90);
        assertThat(isGranted(one, known, account)).isTrue();
        assertThat(isGranted(one, fresh(50), account)).isFalse();
        assertThat(isGranted(other, known, account)).isTrue();
    }

    @Test
    void whoRepeatsWaitsForNobody() {
        Set<LookupHash> known = fresh(90);
        assertThat(isGranted(one, known, account)).isTrue();
        one.transactions().executeWithoutResult(_ -> {
            one.jdbc().sql("SELECT charged FROM identity.lookup_budget FOR UPDATE").query(Double.class).list();
            assertThat(isGranted(other, known, account)).isTrue();
        });
    }

    @Test
    void sixtyFourAtOnceSpendNoMoreThanOneAfterTheOther() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Set<LookupHash> asked = fresh(10);
            Replica server = i % 2 == 0 ? one : other;
            tasks.add(() -> isGranted(server, asked, account));
        }
        long granted = inParallel(tasks).stream().filter(answer -> answer).count();
        assertThat(granted).isBetween(8L, 12L);
    }

    @Test
    void theSameRequestManyTimesAtOnceIsGrantedEachTime() throws Exception {
        Set<LookupHash> asked = fresh(90);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            Replica server = i % 2 == 0 ? one : other;
            tasks.add(() -> isGranted(server, asked, account));
        }
        assertThat(inParallel(tasks)).containsOnly(true);
    }

    /** With rows that are there and rows that are not, in every order: PostgreSQL would end one that waits in a circle. */
    @Test
    void nobodyWaitsInACircle() throws Exception {
        for (int round = 0; round < 10; round++) {
            List<Subject> shared = List.of(account(), account(), account(), account());
            assertThat(isGranted(one, fresh(1), shared.get(round % 4))).isTrue();
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                List<Subject> order = new ArrayList<>(shared);
                Collections.rotate(order, i);
                Subject[] subjects = (i % 3 == 0 ? order.reversed() : order).subList(0, 2 + i % 3)
                        .toArray(Subject[]::new);
                Set<LookupHash> asked = fresh(2);
                Replica server = i % 2 == 0 ? one : other;
                tasks.add(() -> isGranted(server, asked, subjects));
            }
            assertThat(inParallel(tasks)).containsOnly(true);
        }
    }

    @Test
    void whatOneRefusesCountsForNobody() {
        Subject homeserver = new Subject(Subject.Kind.HOMESERVER, "hs" + count.incrementAndGet() + ".example.org");
        for (int i = 0; i < 5; i++) {
            assertThat(isGranted(one, fresh(150), account, homeserver)).as("more than the account may").isFalse();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(isGranted(one, fresh(90), account(), homeserver)).isTrue();
        }
        Subject fourth = account();
        assertThat(isGranted(one, fresh(90), fourth, homeserver)).isTrue();
        assertThat(isGranted(one, fresh(90), account(), homeserver)).as("more than the homeserver may").isFalse();
        assertThat(isGranted(one, fresh(60), account)).as("the account paid for five refusals").isTrue();
    }

    @Test
    void isRefilledByTheHour() {
        assertThat(isGranted(one, fresh(90), account)).isTrue();
        Set<LookupHash> more = fresh(25);
        Duration wait = retryAfter(one, more, account);
        assertThat(wait).isBetween(Duration.ofMinutes(1), Duration.ofHours(4));
        clock.advance(Duration.ofHours(5));
        assertThat(isGranted(one, more, account)).isTrue();
    }

    @Test
    void beginsAnewWithThePepperAndEndsWithIt() {
        Generation former = generation();
        Set<LookupHash> known = fresh(90);
        assertThat(isGranted(one, known, account)).isTrue();
        clock.advance(Duration.ofDays(31));
        one.rotation().run();
        Generation current = generation();
        assertThat(current.id()).isGreaterThan(former.id());
        start = clock.instant();
        assertThat(isGranted(one, fresh(90), account)).isTrue();
        assertThat(one.budgets().ask(List.of(account), former, known)).isInstanceOf(LookupBudgets.Check.Granted.class);
        assertThat(one.budgets().ask(List.of(account), former, fresh(9_000)))
                .as("what was spent with the former pepper counts while it is accepted")
                .isInstanceOf(LookupBudgets.Check.Exhausted.class);
        clock.advance(Generations.GRACE.plus(Generations.MARGIN));
        one.rotation().run();
        assertThat(one.jdbc().sql("SELECT DISTINCT pepper_id FROM identity.lookup_budget").query(Long.class).list())
                .containsExactly(current.id());
    }

    @Test
    void saysNothingOfWhoAskedForWhat() {
        Set<String> before = new HashSet<>(sketches());
        Set<LookupHash> asked = fresh(20);
        assertThat(isGranted(one, asked, account)).isTrue();
        assertThat(isGranted(one, asked, account())).isTrue();
        List<String> added = sketches().stream().filter(sketch -> !before.contains(sketch)).toList();
        assertThat(added).as("the same twenty, by two accounts").hasSize(2).doesNotHaveDuplicates();
    }

    private List<String> sketches() {
        return one.jdbc()
                .sql("SELECT encode(sketch, 'hex') FROM identity.lookup_budget")
                .query((row, _) -> row.getString(1))
                .list();
    }

    @Test
    void hidesNamesWhereverTheyAreWritten() {
        assertThat(account).hasToString("Subject[ACCOUNT]");
        assertThat(isGranted(one, fresh(1), account)).isTrue();
        String dump = String.join("\n", one.jdbc()
                .sql("SELECT encode(subject, 'escape') || encode(subject, 'hex') FROM identity.lookup_budget")
                .query((row, _) -> row.getString(1))
                .list());
        assertThat(dump).doesNotContain("user").doesNotContain("example");
    }
}
