package im.signet.bench.faults;

import im.signet.bench.faults.FaultPlan.Step;
import im.signet.bench.faults.Violation.What;
import im.signet.bench.place.Cleanup;
import im.signet.bench.place.Place;
import im.signet.bench.place.Server;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rounds of writing and faults, each followed by a look at everything. */
public final class FaultRun {

    private static final int SERVERS = 2;
    private static final int KILLS_AT_THE_FIRST_START = 2;
    private static final int TABLES_BETWEEN_KILLS = 14;
    private static final int SHOWN = 10;
    private static final int SHOWN_LINES = 12;
    private static final Duration NEVER = Duration.ofMinutes(2);
    private static final Duration SETTLING = Duration.ofMillis(1500);
    private static final Duration DRAINING = Duration.ofSeconds(90);

    private final Options options;
    private final PrintStream out;
    private final Clock clock;
    private final Cleanup cleanup;
    private final Map<String, Integer> operations = new TreeMap<>();
    private Duration slowestServer = Duration.ZERO;
    private Duration slowestDatabase = Duration.ZERO;
    // Of whom, servers and the database, how many recoveries were looked at.
    private final Map<String, Integer> seen = new TreeMap<>();
    // What took too long; whatever else does not hold is of more interest, so the run goes on.
    private final List<Violation> late = new ArrayList<>();
    private int faults;

    /**
     * How it runs.
     *
     * @param jar         `signet.jar`
     * @param folder      where everything lies while it runs
     * @param rounds      how many rounds
     * @param length      how long the writers of a round write
     * @param seed        what the faults are drawn by
     * @param writers     how many write at once
     * @param readyWithin how soon a server must be ready again
     * @param harm        whether rows are deleted in the end behind the servers' back, which has to be seen
     */
    public record Options(Path jar, Path folder, int rounds, Duration length, long seed, int writers,
            Duration readyWithin, boolean harm) {}

    private FaultRun(Options options, PrintStream out, Clock clock, Cleanup cleanup) {
        this.options = options;
        this.out = out;
        this.clock = clock;
        this.cleanup = cleanup;
    }

    /** Runs it and prints what it sees; returns whether everything held. */
    public static boolean run(Options options, PrintStream out, Clock clock, Cleanup cleanup) throws Exception {
        FaultRun run = new FaultRun(options, out, clock, cleanup);
        try (Place place = cleanup.open(() -> Place.create(options.jar(), options.folder(), SERVERS));
                MailLog mails = MailLog.of(place.mailbox(), clock);
                Journal journal = Journal.create(options.folder().resolve("journal.jsonl"), clock);
                Wire wire = new Wire(place.servers().stream().map(Server::baseUrl).toList())) {
            return run.rounds(place, journal, wire, mails);
        }
    }

    private boolean rounds(Place place, Journal journal, Wire wire, MailLog mails)
            throws InterruptedException, SQLException, IOException {
        out.printf("PostgreSQL %s, Java %s, %d processors; seed %d%n", place.database().version(),
                Runtime.version().feature(), Runtime.getRuntime().availableProcessors(), options.seed());
        List<Violation> violations = firstStart(place, journal);
        if (!violations.isEmpty()) {
            return report(violations);
        }
        Writer.Scene scene = new Writer.Scene(wire, journal, place.homeserver(), mails, clock);
        SplittableRandom chance = new SplittableRandom(options.seed());
        String token = new Writer("checker", scene, chance.split()).signIn();
        List<Writer> writers = IntStream.range(0, options.writers())
                .mapToObj(number -> new Writer(String.valueOf((char) ('a' + number)), scene, chance.split()))
                .toList();
        Look look = new Look(place, journal, wire, mails, token, clock);
        for (int round = 1; round <= options.rounds(); round++) {
            violations = round(round, place, journal, writers, look);
            if (!violations.isEmpty()) {
                return report(violations);
            }
        }
        if (options.harm()) {
            harm(place);
        }
        violations = new ArrayList<>(look.atTheEnd(DRAINING));
        violations.addAll(late);
        if (!violations.isEmpty()) {
            return report(violations);
        }
        summary(look, mails);
        return true;
    }

    // What a database would have lost that does not keep what it acknowledges.
    private void harm(Place place) throws SQLException {
        try (Connection connection = place.database().connect(); Statement statement = connection.createStatement()) {
            int bindings = statement.executeUpdate("""
                    DELETE FROM identity.association WHERE id = (SELECT max(id) FROM identity.association)""");
            int receipts = statement.executeUpdate("""
                    DELETE FROM terms.receipt
                    WHERE acceptance_id = (SELECT max(acceptance_id) FROM terms.receipt)""");
            out.printf("harm      %d binding and %d receipt are deleted behind the servers' back%n", bindings,
                    receipts);
        }
    }

    // Half of a migration must not be in anybody's way, nor two servers that migrate at once.
    private List<Violation> firstStart(Place place, Journal journal) throws InterruptedException, SQLException {
        SplittableRandom chance = new SplittableRandom(~options.seed());
        List<String> kills = new ArrayList<>();
        int tables = 0;
        for (int kill = 0; kill < KILLS_AT_THE_FIRST_START; kill++) {
            tables += 1 + chance.nextInt(TABLES_BETWEEN_KILLS);
            awaitTables(place, tables);
            journal.fault("kill both while they start for the first time");
            Fault.KILL_BOTH.make(place, Duration.ZERO);
            kills.add("kill both at " + tables + " tables");
        }
        // The limit is for what was ready before: this start migrates as well.
        Recovered recovered = recovered(place, "to start", NEVER);
        out.printf("start     %s | %s%n", String.join(", ", kills), recovered.words());
        return recovered.violations();
    }

    private static void awaitTables(Place place, int tables) throws InterruptedException, SQLException {
        long begun = System.nanoTime();
        try (Connection connection = place.database().connect(); Statement statement = connection.createStatement()) {
            long there = 0;
            while (there < tables && System.nanoTime() - begun < NEVER.toNanos()) {
                Thread.sleep(20);
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_tables"
                        + " WHERE schemaname IN ('terms', 'identity', 'names')")) {
                    count.next();
                    there = count.getLong(1);
                }
            }
        }
    }

    private List<Violation> round(int round, Place place, Journal journal, List<Writer> writers, Look look)
            throws InterruptedException, SQLException, IOException {
        Map<String, Integer> before = Map.copyOf(operations);
        int lateBefore = late.size();
        FaultPlan plan = FaultPlan.of(options.seed(), round, options.length());
        List<Thread> threads = writers.stream().map(writer -> Thread.ofPlatform().daemon().start(() -> {
            try {
                writer.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })).toList();
        long begun = System.nanoTime();
        for (Step step : plan.steps()) {
            sleepUntil(begun, step.after());
            journal.fault(step.fault().words());
            step.fault().make(place, step.pause());
            // Also when it is over: what it kept from being noted may be done again after it.
            journal.fault("end of " + step.fault().words());
            faults++;
        }
        sleepUntil(begun, options.length());
        writers.forEach(Writer::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        Recovered recovered = recovered(place, "after " + plan.steps()
                .stream()
                .map(Step::words)
                .collect(Collectors.joining(", ")), options.readyWithin());
        List<Violation> violations = new ArrayList<>(recovered.violations());
        if (violations.isEmpty()) {
            Thread.sleep(SETTLING);
            violations.addAll(look.now());
        }
        count(look);
        out.printf("round %2d  %s | %s | %s | %s%n", round, counted(before),
                plan.steps().stream().map(Step::words).collect(Collectors.joining(", ")), recovered.words(),
                verdict(violations, lateBefore));
        return violations;
    }

    private String verdict(List<Violation> violations, int lateBefore) {
        if (!violations.isEmpty()) {
            return "NOT HELD";
        }
        return late.size() > lateBefore ? "held, but late" : "held";
    }

    private static void sleepUntil(long begun, Duration after) throws InterruptedException {
        long left = after.toNanos() - (System.nanoTime() - begun);
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    private record Recovered(Duration server, Duration database, List<Violation> violations) {

        String words() {
            return "ready after %.1f s".formatted(server.toMillis() / 1000.0) + (database.isZero()
                    ? ""
                    : ", database %.1f s".formatted(database.toMillis() / 1000.0));
        }
    }

    private Recovered recovered(Place place, String when, Duration limit) throws InterruptedException {
        List<Violation> violations = new ArrayList<>();
        Duration server = Duration.ZERO;
        place.database().awaitUp();
        for (Server each : place.servers()) {
            if (!each.awaitReady(NEVER)) {
                violations.add(Violation.of(What.LATE, "server " + each.name() + " ready " + when,
                        "it is not after " + NEVER.toSeconds() + " s; see " + each.log()));
            }
            server = longest(server, each.recoveries(), each.name());
        }
        Duration database = longest(Duration.ZERO, place.database().recoveries(), "database");
        if (limit.equals(options.readyWithin())) {
            slowestServer = max(slowestServer, server);
        }
        slowestDatabase = max(slowestDatabase, database);
        for (Map.Entry<String, Duration> each : Map.of("a server", server, "the database", database).entrySet()) {
            if (each.getValue().compareTo(limit) > 0) {
                late.add(Violation.of(What.LATE,
                        each.getKey() + " ready within " + limit.toSeconds() + " s " + when,
                        "it took %.1f s".formatted(each.getValue().toMillis() / 1000.0)));
            }
        }
        return new Recovered(server, database, violations);
    }

    private Duration longest(Duration least, List<Duration> all, String of) {
        List<Duration> fresh = all.subList(seen.getOrDefault(of, 0), all.size());
        seen.put(of, all.size());
        return fresh.stream().reduce(least, FaultRun::max);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void count(Look look) {
        for (Journal.Outcome outcome : Journal.Outcome.values()) {
            operations.put(outcome.word(), look.ledger().count(outcome));
        }
    }

    private String counted(Map<String, Integer> before) {
        return "%4d acknowledged, %3d unknown, %3d unsent".formatted(
                operations.getOrDefault("done", 0) - before.getOrDefault("done", 0),
                operations.getOrDefault("unknown", 0) - before.getOrDefault("unknown", 0),
                operations.getOrDefault("unsent", 0) - before.getOrDefault("unsent", 0));
    }

    private boolean report(List<Violation> violations) {
        if (cleanup.hasBegun()) {
            out.println("interrupted");
            return false;
        }
        out.println();
        for (Violation violation : violations.subList(0, Math.min(SHOWN, violations.size()))) {
            out.println(violation.what() + ":");
            out.println("  expected  " + violation.expected());
            out.println("  found     " + violation.found());
            violation.lines()
                    .stream()
                    .limit(SHOWN_LINES)
                    .forEach(line -> out.println("  journal   " + StrictJson.write(line)));
        }
        if (violations.size() > SHOWN) {
            out.println("... and " + (violations.size() - SHOWN) + " more");
        }
        out.println();
        out.printf("NOT HELD: %d violations. Seed %d; the journal, the servers' logs and the database are in %s%n",
                violations.size(), options.seed(), options.folder());
        return false;
    }

    private void summary(Look look, MailLog mails) {
        out.println();
        out.printf("HELD: %d rounds, %d faults, %d operations acknowledged, %d unknown, %d mails;%n", options.rounds(),
                faults, look.ledger().count(Journal.Outcome.DONE), look.ledger().count(Journal.Outcome.UNKNOWN),
                mails.all().size());
        out.printf(
                "nothing lost, nothing half done, nothing that nobody asked for. Slowest ready: server %.1f s, database %.1f s.%n",
                slowestServer.toMillis() / 1000.0, slowestDatabase.toMillis() / 1000.0);
    }

    /** Looks at everything. */
    private static final class Look {

        private final Place place;
        private final Journal journal;
        private final Wire wire;
        private final MailLog mails;
        private final String token;
        private final Clock clock;
        private final Hashes hashes;
        private Map<String, Long> otherTables = Map.of();
        private Ledger ledger = Ledger.of(List.of(), Instant.EPOCH);

        Look(Place place, Journal journal, Wire wire, MailLog mails, String token, Clock clock) throws IOException {
            this.place = place;
            this.journal = journal;
            this.wire = wire;
            this.mails = mails;
            this.token = token;
            this.clock = clock;
            this.hashes = Hashes.read(place.keys());
        }

        /** Returns the ledger of the last look. */
        Ledger ledger() {
            return ledger;
        }

        List<Violation> now() throws SQLException, InterruptedException {
            return at(clock.instant(), false);
        }

        /** Waits until all letters are delivered, and expects then that everything is done that follows from anything. */
        List<Violation> atTheEnd(Duration patience) throws SQLException, InterruptedException {
            long begun = System.nanoTime();
            while (letters() > 0 && System.nanoTime() - begun < patience.toNanos()) {
                Thread.sleep(500);
            }
            Thread.sleep(SETTLING);
            return at(clock.instant().plus(Ledger.EVENTUALLY), true);
        }

        private long letters() throws SQLException {
            return snapshot().letters().values().stream().mapToLong(Long::longValue).sum();
        }

        private Snapshot snapshot() throws SQLException {
            try (Connection connection = place.database().connect()) {
                return Snapshot.read(connection, hashes, ledger.addresses(), ledger.handles());
            }
        }

        private List<Violation> at(Instant instant, boolean over) throws SQLException, InterruptedException {
            ledger = Ledger.of(journal.lines(), instant);
            Snapshot snapshot = snapshot();
            Checker.Result result = Checker.check(ledger, snapshot,
                    new Checker.Outside(delivered(), mails.all(), over));
            List<Violation> violations = new ArrayList<>(result.violations());
            if (otherTables.isEmpty()) {
                otherTables = snapshot.otherTables();
            } else if (!otherTables.equals(snapshot.otherTables())) {
                violations.add(
                        Violation.of(What.UNEXPLAINED, "tables that no user writes to as they were: " + otherTables,
                                snapshot.otherTables().toString()));
            }
            violations.addAll(Answers.check(wire, ledger, snapshot, token));
            if (violations.isEmpty()) {
                result.resolved().forEach(journal::resolved);
            }
            return violations;
        }

        private Set<String> delivered() {
            return place.homeserver()
                    .onbinds()
                    .stream()
                    .flatMap(call -> call.array("invites").orElse(JsonArray.of(List.of())).items().stream())
                    .filter(JsonObject.class::isInstance)
                    .flatMap(invite -> ((JsonObject) invite).object("signed").stream())
                    .flatMap(signed -> signed.string("token").stream())
                    .collect(Collectors.toSet());
        }
    }
}
