package im.signet.kit.outbox;

import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.database.TestServer;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.Sealing;
import im.signet.protocol.json.JsonObject;

import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class OutboxTest {

    private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

    private final TestDatabase database;
    private final SecureRandom random = new SecureRandom();
    private final Sealing sealing = new Sealing(KeyRings.of("outbox"), random);
    private final BlockingQueue<String> tried = new LinkedBlockingQueue<>();
    private JdbcClient jdbc;
    private TransactionTemplate transactions;
    private Outbox outbox;

    OutboxTest(TestServer server) {
        database = TestDatabase.freshOn(server);
        jdbc = JdbcClient.create(database.dataSource());
        transactions = new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));
        outbox = outboxWith(_ -> new Courier.Delivery.Delivered());
    }

    @BeforeEach
    void migrate() {
        new SchemaMigration(database.dataSource(), "identity", "classpath:db/kit").migrate();
        jdbc.sql("DELETE FROM identity.scheduled_tasks").update();
    }

    @AfterEach
    void stop() {
        if (outbox.isRunning()) {
            outbox.stop();
        }
    }

    private record Scripted(BlockingQueue<String> tried, Function<String, Courier.Delivery> answer) implements Courier {

        @Override
        public String channel() {
            return "mail";
        }

        @Override
        public Delivery deliver(JsonObject letter) {
            String text = letter.string("text").orElseThrow();
            tried.add(text);
            return answer.apply(text);
        }
    }

    private Outbox outboxWith(Function<String, Courier.Delivery> answer, Chore... chores) {
        return new Outbox(database.dataSource(), "identity", sealing, Clock.systemUTC(), random,
                List.of(new Scripted(tried, answer)), List.of(chores), 2);
    }

    private static JsonObject letter(String text) {
        return JsonObject.builder().put("text", text).build();
    }

    private long rows() {
        return jdbc.sql("SELECT count(*) FROM identity.scheduled_tasks WHERE task_name = 'mail'")
                .query(Long.class)
                .single();
    }

    private void awaitRows(long expected) throws InterruptedException {
        for (int i = 0; i < 600 && rows() != expected; i++) {
            Thread.sleep(50);
        }
        assertThat(rows()).isEqualTo(expected);
    }

    private String nextTry() throws InterruptedException {
        String text = tried.poll(30, TimeUnit.SECONDS);
        assertThat(text).as("a try within half a minute").isNotNull();
        return text;
    }

    @Test
    void deliversAndWipes() throws InterruptedException {
        outbox.start();
        outbox.put("mail", letter("hello"), FAR);
        assertThat(nextTry()).isEqualTo("hello");
        awaitRows(0);
    }

    @Test
    void keepsWhatIsNotYetDue() throws InterruptedException {
        outbox.start();
        outbox.put("mail", letter("later"), Instant.now().plusSeconds(600), FAR);
        outbox.put("mail", letter("now"), FAR);
        assertThat(nextTry()).isEqualTo("now");
        awaitRows(1);
        assertThat(tried).isEmpty();
    }

    @Test
    void keepsLettersEncrypted() {
        outbox.put("mail", letter("canary-7f3a"), FAR);
        byte[] data = jdbc.sql("SELECT task_data FROM identity.scheduled_tasks").query(byte[].class).single();
        assertThat(new String(data, java.nio.charset.StandardCharsets.ISO_8859_1)).doesNotContain("canary")
                .doesNotContain("text");
        assertThat(jdbc.sql("SELECT t::text FROM identity.scheduled_tasks t").query(String.class).single())
                .doesNotContain("canary");
    }

    @Test
    void deliversWhatCommitsAndOnlyThat() throws InterruptedException {
        outbox.start();
        transactions.executeWithoutResult(status -> {
            outbox.put("mail", letter("undone"), FAR);
            status.setRollbackOnly();
        });
        transactions.executeWithoutResult(_ -> outbox.put("mail", letter("done"), FAR));
        assertThat(nextTry()).isEqualTo("done");
        awaitRows(0);
        assertThat(tried).isEmpty();
    }

    @Test
    void saysWhetherSoManyLettersWait() throws InterruptedException {
        assertThat(outbox.holds("mail", 1)).isFalse();
        outbox.put("mail", letter("one"), FAR);
        assertThat(outbox.holds("mail", 1)).isTrue();
        assertThat(outbox.holds("mail", 2)).isFalse();
        transactions.executeWithoutResult(_ -> {
            outbox.put("mail", letter("two"), FAR);
            assertThat(outbox.holds("mail", 2)).as("its own transaction counts").isTrue();
        });
        assertThat(outbox.holds("another", 1)).isFalse();
        outbox.start();
        awaitRows(0);
        assertThat(outbox.holds("mail", 1)).isFalse();
    }

    @Test
    void countsWhatCameOfIt() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        outbox = outboxWith(text -> text.equals("bad")
                ? new Courier.Delivery.Rejected("no such user")
                : tries.incrementAndGet() == 1
                        ? new Courier.Delivery.Deferred("not now")
                        : new Courier.Delivery.Delivered());
        outbox.put("mail", letter("good"), FAR);
        outbox.put("mail", letter("bad"), FAR);
        assertThat(outbox.waiting("mail")).isEqualTo(2);
        assertThat(outbox.channels()).containsExactly("mail");
        outbox.start();
        awaitRows(0);
        assertThat(outbox.waiting("mail")).isZero();
        assertThat(outbox.count("mail", Outbox.Outcome.DELIVERED)).isEqualTo(1);
        assertThat(outbox.count("mail", Outbox.Outcome.DEFERRED)).isEqualTo(1);
        assertThat(outbox.count("mail", Outbox.Outcome.GIVEN_UP)).isEqualTo(1);
    }

    @Test
    void deliversAfterARestart() throws InterruptedException {
        outbox.put("mail", letter("patient"), FAR);
        outbox = outboxWith(_ -> new Courier.Delivery.Delivered());
        outbox.start();
        assertThat(nextTry()).isEqualTo("patient");
    }

    @Test
    void triesAgainWhatWasDeferred() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        outbox = outboxWith(_ -> tries.incrementAndGet() < 2
                ? new Courier.Delivery.Deferred("421")
                : new Courier.Delivery.Delivered());
        outbox.start();
        outbox.put("mail", letter("again"), FAR);
        assertThat(nextTry()).isEqualTo("again");
        assertThat(nextTry()).isEqualTo("again");
        awaitRows(0);
    }

    @Test
    void givesUpWhatIsRejectedOrExpired() throws InterruptedException {
        outbox = outboxWith(_ -> new Courier.Delivery.Rejected("550"));
        outbox.put("mail", letter("too late"), Instant.parse("2020-01-01T00:00:00Z"));
        outbox.put("mail", letter("refused"), FAR);
        outbox.start();
        awaitRows(0);
        assertThat(tried).containsExactly("refused");
    }

    @Test
    void holdsUpNoLetterForAnother() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        outbox = outboxWith(text -> {
            if (text.equals("poison")) {
                throw new IllegalStateException("a courier that breaks");
            }
            if (text.equals("slow")) {
                try {
                    release.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            return new Courier.Delivery.Delivered();
        });
        outbox.put("mail", letter("poison"), FAR);
        outbox.put("mail", letter("slow"), FAR);
        outbox.put("mail", letter("good"), FAR);
        outbox.start();
        assertThat(List.of(nextTry(), nextTry(), nextTry())).containsExactlyInAnyOrder("poison", "slow", "good");
        awaitRows(2);
        release.countDown();
        awaitRows(1);
    }

    @Test
    void sharesLettersBetweenReplicas() throws InterruptedException {
        Outbox other = outboxWith(_ -> new Courier.Delivery.Delivered());
        try {
            for (int i = 0; i < 50; i++) {
                outbox.put("mail", letter("n" + i), FAR);
            }
            outbox.start();
            other.start();
            awaitRows(0);
            assertThat(tried).hasSize(50).doesNotHaveDuplicates();
        } finally {
            other.stop();
        }
    }

    @Test
    void runsChoresAlsoAfterOneFailed() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        outbox = outboxWith(_ -> new Courier.Delivery.Delivered(), new Chore("sweep", Duration.ofMillis(100), () -> {
            twice.countDown();
            throw new IllegalStateException("the first broom broke");
        }));
        outbox.start();
        assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void knowsItsChannels() {
        assertThatThrownBy(() -> outbox.put("pigeon", letter("coo"), FAR)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsTheOperatorWhatWaitsAndTriesItNow() throws Exception {
        outbox = outboxWith(text -> text.equals("bad") && tried.size() < 2
                ? new Courier.Delivery.Deferred("the server is away")
                : new Courier.Delivery.Delivered());
        outbox.start();
        outbox.put("mail", letter("bad"), FAR);
        WaitingLetters letters = new WaitingLetters("identity");
        try (Connection connection = database.dataSource().getConnection()) {
            List<WaitingLetters.Waiting> waiting = List.of();
            for (int i = 0; i < 600 && (waiting.isEmpty() || waiting.getFirst().tries() == 0); i++) {
                Thread.sleep(50);
                waiting = letters.list(connection, Optional.of("mail"), 10);
            }
            assertThat(waiting).singleElement().satisfies(letter -> {
                assertThat(letter.failure()).contains("the server is away");
                assertThat(letter.since()).isPresent();
                assertThat(letter.tries()).isEqualTo(1);
            });
            String id = waiting.getFirst().id();
            assertThat(letters.content(connection, id, sealing)).contains(letter("bad"));
            // Far away, but for the operator.
            jdbc.sql("UPDATE identity.scheduled_tasks SET execution_time = now() + interval '1 day'").update();
            assertThat(letters.requeue(connection, id)).isEqualTo(WaitingLetters.Change.DONE);
            awaitRows(0);
            assertThat(letters.requeue(connection, id)).isEqualTo(WaitingLetters.Change.UNKNOWN);
            assertThat(letters.drop(connection, id)).isEqualTo(WaitingLetters.Change.UNKNOWN);
        }
    }

    @Test
    void neverTouchesALetterThatAServerHasInHand() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        outbox = outboxWith(_ -> {
            reached.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Courier.Delivery.Delivered();
        });
        outbox.start();
        outbox.put("mail", letter("slow"), FAR);
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        WaitingLetters letters = new WaitingLetters("identity");
        try (Connection connection = database.dataSource().getConnection()) {
            String id = letters.list(connection, Optional.empty(), 10).getFirst().id();
            assertThat(letters.drop(connection, id)).isEqualTo(WaitingLetters.Change.UNDER_WAY);
            assertThat(letters.requeue(connection, id)).isEqualTo(WaitingLetters.Change.UNDER_WAY);
            assertThat(letters.requeueAll(connection, Optional.empty())).isZero();
            go.countDown();
            awaitRows(0);
        }
    }

    @Test
    void dropsWhatTheOperatorGivesUpAndNoChore() throws Exception {
        outbox = outboxWith(_ -> new Courier.Delivery.Delivered(), new Chore("tidy", Duration.ofHours(1), () -> {}));
        outbox.start();
        outbox.put("mail", letter("one"), Instant.now().plusSeconds(600), FAR);
        outbox.put("mail", letter("two"), Instant.now().plusSeconds(700), FAR);
        WaitingLetters letters = new WaitingLetters("identity");
        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(letters.count(connection, Optional.empty())).isEqualTo(2);
            assertThat(letters.drop(connection, "recurring")).isEqualTo(WaitingLetters.Change.UNKNOWN);
            String id = letters.list(connection, Optional.empty(), 10).getFirst().id();
            assertThat(letters.drop(connection, id)).isEqualTo(WaitingLetters.Change.DONE);
            assertThat(letters.list(connection, Optional.empty(), 10)).hasSize(1);
            assertThat(letters.list(connection, Optional.of("sms"), 10)).isEmpty();
            assertThat(letters.requeueAll(connection, Optional.empty())).isEqualTo(1);
            assertThat(nextTry()).isEqualTo("two");
            awaitRows(0);
        }
    }
}
