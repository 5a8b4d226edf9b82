package im.signet.kit.outbox;

import im.signet.kit.key.Sealing;
import im.signet.kit.log.FailureTrace;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The persistent, encrypted outbox. A letter put here within a transaction exists exactly if that transaction commits; it
 * is delivered at least once by whichever replica is free, tried again with growing pauses until it expires, and wiped on
 * delivery. One bad letter holds up no other. The recurring {@link Chore}s of a service run on the same table and threads.
 * Once stopped, it cannot be started again.
 */
public final class Outbox implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    /** What letters at rest are sealed for. */
    public static final String CONTEXT = "letter";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    // A letter that a killed server held is taken over by another after about twenty seconds.
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int MISSED_HEARTBEATS = 4;
    private static final int MAX_REASON = 200;

    private final Unwanted unwanted;
    private final Clock clock;
    private final SecureRandom random;
    private final Map<String, TaskDescriptor<Letter>> channels;
    private final List<Chore> chores;
    private final JdbcClient jdbc;
    private final String table;
    private final Scheduler scheduler;
    private final Map<Event, LongAdder> tallies = new ConcurrentHashMap<>();
    private volatile boolean running;

    /**
     * @param schema   the service's schema, which holds the table {@code scheduled_tasks}
     * @param sealing  seals letters at rest
     * @param couriers one for each channel that letters may be put into
     * @param chores   what recurs
     * @param threads  how many letters are delivered at once
     */
    public Outbox(DataSource dataSource, String schema, Sealing sealing, Clock clock, SecureRandom random,
            List<? extends Courier> couriers, List<Chore> chores, int threads) {
        this(dataSource, schema, sealing, clock, random, couriers, chores, threads, (_, _) -> false);
    }

    /**
     * As the other, for letters that nobody may be sent any more when their turn comes.
     *
     * @param unwanted looks at each letter before it is delivered
     */
    @SuppressWarnings("TooManyParameters") // what it works with
    public Outbox(DataSource dataSource, String schema, Sealing sealing, Clock clock, SecureRandom random,
            List<? extends Courier> couriers, List<Chore> chores, int threads, Unwanted unwanted) {
        this.unwanted = unwanted;
        this.clock = clock;
        this.random = random;
        this.chores = List.copyOf(chores);
        this.jdbc = JdbcClient.create(dataSource);
        this.table = schema + ".scheduled_tasks";
        this.channels = couriers.stream()
                .collect(Collectors.toMap(Courier::channel,
                        courier -> TaskDescriptor.of(courier.channel(), Letter.class)));
        List<Task<?>> tasks = couriers.stream().<Task<?>>map(this::task).toList();
        this.scheduler = Scheduler.create(new TransactionAwareDataSourceProxy(dataSource), tasks)
                .startTasks(chores.stream().map(this::task).toList())
                .tableName(table)
                .serializer(new SealedLetters(sealing))
                .clock(clock::instant)
                .threads(threads)
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(Duration.ofSeconds(1))
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(Duration.ofSeconds(5))
                .failureLogging(LogLevel.OFF, false) // below, without what an exception may quote
                .build();
    }

    /** Says of letters that they must not be delivered any more. */
    @FunctionalInterface
    public interface Unwanted {

        /** Returns whether a letter of that channel is to be given up instead of delivered. */
        boolean is(String channel, JsonObject letter);
    }

    /** What came of tries to deliver. */
    public enum Outcome {
        DELIVERED, DEFERRED, GIVEN_UP
    }

    private record Event(String channel, Outcome outcome) {}

    /** What a letter's row carries, sealed. */
    private record Letter(Instant expiresAt, JsonObject content) {

        @Override
        public String toString() {
            return "Letter[hidden]";
        }
    }

    /** A try that failed; the letter stays for another unless it was rejected. */
    private static final class NotDelivered extends RuntimeException {

        private final boolean forGood;

        NotDelivered(String reason, boolean forGood) {
            super(reason, null, false, false);
            this.forGood = forGood;
        }
    }

    /**
     * Puts a letter into a channel, as part of the running transaction where there is one.
     *
     * @param expiresAt when the letter is given up; what it carries is worth nothing afterwards
     */
    public void put(String channel, JsonObject content, Instant expiresAt) {
        put(channel, content, clock.instant(), expiresAt);
    }

    /**
     * Puts a letter into a channel that is not to be delivered yet, as part of the running transaction where there is one.
     *
     * @param notBefore when it is tried first
     * @param expiresAt when the letter is given up; what it carries is worth nothing afterwards
     */
    public void put(String channel, JsonObject content, Instant notBefore, Instant expiresAt) {
        TaskDescriptor<Letter> descriptor = channels.get(channel);
        if (descriptor == null) {
            throw new IllegalArgumentException("no courier serves the channel " + channel);
        }
        byte[] id = new byte[16];
        random.nextBytes(id);
        scheduler.schedule(descriptor.instance(UnpaddedBase64.encodeUrl(id))
                .data(new Letter(expiresAt, content))
                .scheduledTo(notBefore));
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    hasten();
                }
            });
        } else {
            hasten();
        }
    }

    /**
     * Returns whether so many letters wait in a channel, or more. Asks the database, which reads no more than that many
     * entries of an index.
     */
    public boolean holds(String channel, int letters) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM " + table
                + " WHERE task_name = :channel ORDER BY task_instance OFFSET :others LIMIT 1)")
                .param("channel", channel)
                .param("others", letters - 1)
                .query(Boolean.class)
                .single();
    }

    /** Returns the names of the channels. */
    public Set<String> channels() {
        return channels.keySet();
    }

    /** Returns how many letters wait in a channel. Asks the database, which counts them. */
    public long waiting(String channel) {
        return jdbc.sql("SELECT count(*) FROM " + table + " WHERE task_name = :channel")
                .param("channel", channel)
                .query(Long.class)
                .single();
    }

    /**
     * Returns since when the oldest letter of a channel is there, of those that are due or were tried in vain; empty when
     * there is none. Asks the database.
     */
    public Optional<Instant> oldest(String channel) {
        return jdbc.sql("SELECT created_at FROM " + table
                + " WHERE task_name = :channel AND (execution_time <= :now OR consecutive_failures > 0)"
                + " ORDER BY created_at LIMIT 1")
                .param("channel", channel)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /** Returns what recurs here. */
    public List<Chore> chores() {
        return chores;
    }

    /** Returns when a chore last ended well, on whatever replica; empty when it never did. Asks the database. */
    public Optional<Instant> lastSuccess(Chore chore) {
        return jdbc.sql("SELECT last_success FROM " + table + " WHERE task_name = :name AND last_success IS NOT NULL")
                .param("name", chore.name())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /** Returns how often a try in a channel came to this since this process began. */
    public long count(String channel, Outcome outcome) {
        LongAdder tally = tallies.get(new Event(channel, outcome));
        return tally == null ? 0 : tally.sum();
    }

    private void tally(String channel, Outcome outcome) {
        tallies.computeIfAbsent(new Event(channel, outcome), _ -> new LongAdder()).increment();
    }

    private void hasten() {
        if (running) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    private Task<Letter> task(Courier courier) {
        Function<JsonObject, Courier.Delivery> deliver = courier::deliver;
        return Tasks.oneTime(TaskDescriptor.of(courier.channel(), Letter.class))
                .onFailure(this::afterFailure)
                .execute((instance, _) -> {
                    Letter letter = instance.getData();
                    if (clock.instant().isAfter(letter.expiresAt())) {
                        throw new NotDelivered("it expired", true);
                    }
                    if (unwanted.is(courier.channel(), letter.content())) {
                        throw new NotDelivered("its address is blocked", true);
                    }
                    switch (deliver.apply(letter.content())) {
                        case Courier.Delivery.Delivered _ -> {
                            tally(courier.channel(), Outcome.DELIVERED);
                            log.debug("{}: delivered a letter", courier.channel());
                        }
                        case Courier.Delivery.Deferred(String reason) -> throw new NotDelivered(reason, false);
                        case Courier.Delivery.Rejected(String reason) -> throw new NotDelivered(reason, true);
                    }
                });
    }

    private RecurringTask<Void> task(Chore chore) {
        return Tasks.recurring(TaskDescriptor.of(chore.name()), FixedDelay.of(chore.every()))
                .execute((_, _) -> {
                    try {
                        chore.work().run();
                    } catch (RuntimeException failed) {
                        log.error("{} failed and will run again: {}", chore.name(), FailureTrace.of(failed));
                        throw failed; // so that the database does not remember it as a success
                    }
                });
    }

    private void afterFailure(ExecutionComplete failed, ExecutionOperations<Letter> operations) {
        String channel = failed.getExecution().getTaskName();
        Throwable cause = failed.getCause().orElse(null);
        String reason = cause instanceof NotDelivered known
                ? String.valueOf(known.getMessage())
                : cause == null ? "unknown" : cause.getClass().getSimpleName();
        if (cause instanceof NotDelivered known && known.forGood) {
            tally(channel, Outcome.GIVEN_UP);
            log.warn("{}: gave up a letter: {}", channel, reason);
            operations.stop();
            return;
        }
        remember(channel, failed.getExecution().getId(), reason);
        Duration pause = pauseAfter(failed.getExecution().consecutiveFailures);
        tally(channel, Outcome.DEFERRED);
        log.warn("{}: could not deliver a letter, next try in {} s: {}", channel, pause.toSeconds(), reason);
        operations.reschedule(failed, clock.instant().plus(pause));
    }

    // For the operator, who sees what waits and why; a reason names no address and quotes nothing.
    private void remember(String channel, String letter, String reason) {
        jdbc.sql("UPDATE " + table + " SET failure = :reason WHERE task_name = :channel AND task_instance = :letter")
                .param("reason", reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON))
                .param("channel", channel)
                .param("letter", letter)
                .update();
    }

    /** Returns what a sealed letter says. */
    static JsonObject content(Sealing sealing, byte[] sealed) {
        return new SealedLetters(sealing).deserialize(Letter.class, sealed).content();
    }

    /** Returns 5 s, doubled with each failure up to 15 minutes, less up to a quarter so that letters do not march in step. */
    private Duration pauseAfter(int failures) {
        long doubled = FIRST_PAUSE.toMillis() << Math.min(failures, 10);
        long pause = Math.min(doubled, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(pause - random.nextLong(pause / 4));
    }

    /** Returns a letter that says that, as its row has it. */
    static byte[] sealed(Sealing sealing, JsonObject content, Instant expiresAt) {
        return new SealedLetters(sealing).serialize(new Letter(expiresAt, content));
    }

    @Override
    public void start() {
        scheduler.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        scheduler.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Letters as bytes: their JSON, sealed. */
    private record SealedLetters(Sealing sealing) implements Serializer {

        // Chores carry nothing.
        @Override
        public byte[] serialize(@Nullable Object data) {
            if (data == null) {
                return new byte[0];
            }
            Letter letter = (Letter) data;
            JsonObject json = JsonObject.builder()
                    .put("expires_ts", letter.expiresAt().toEpochMilli())
                    .put("content", letter.content())
                    .build();
            return sealing.seal(StrictJson.write(json).getBytes(StandardCharsets.UTF_8), CONTEXT);
        }

        @Override
        @SuppressWarnings("NullAway") // the library's own null, for what carries nothing
        public <T> T deserialize(Class<T> type, byte @Nullable [] bytes) {
            if (bytes == null || bytes.length == 0) {
                return null;
            }
            JsonObject json = StrictJson.parseObject(sealing.open(bytes, CONTEXT)).orElseThrow();
            return type.cast(new Letter(Instant.ofEpochMilli(json.integer("expires_ts").orElseThrow()),
                    json.object("content").orElseThrow()));
        }
    }
}
