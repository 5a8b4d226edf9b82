package im.signet.standalone;

import im.signet.kit.database.TestDatabase;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands that are killed amid a backup or a restore: what there is afterwards is whole, as it was or as it was to be. */
class AKilledRestoreIT {

    private static final int KILLS = 8;
    private static final String ALICE = "alice@example.org";
    private static final String BOB = "bob@example.org";
    private static final String STATE = """
            SELECT (SELECT count(*) FROM identity.association), (SELECT count(*) FROM terms.restore),
                (SELECT count(*) FROM identity.restore), (SELECT count(*) FROM names.restore)""";
    private static final String STAGED = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'restoring%'";

    /** How many addresses can be found, and how often each service's data were restored. */
    private record State(long addresses, List<Long> restored) {
        static State of(TestDatabase database) throws SQLException {
            // A connection that stays open would be taken for a server's.
            try (Connection connection = connect(database);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(STATE)) {
                row.next();
                return new State(row.getLong(1), List.of(row.getLong(2), row.getLong(3), row.getLong(4)));
            }
        }
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }

    private static boolean hasStaged(TestDatabase database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STAGED)) {
            row.next();
            return row.getLong(1) > 0;
        }
    }

    private static Process start(Town town, String... words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC", "-jar", UnpackedServer.jar().toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--config", town.folder().resolve("command.yaml").toString()));
        return new ProcessBuilder(command).directory(town.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(town.folder().resolve("command.log").toFile())
                .start();
    }

    /** Waits until it has looked at everything and begins to change the database. */
    private static void awaitBegin(Town town, Process restore) throws IOException, InterruptedException {
        Path log = town.folder().resolve("command.log");
        while (!Files.readString(log).contains("Its keys are there")) {
            assertThat(restore.isAlive()).as(Files.readString(log)).isTrue();
            Thread.sleep(5);
        }
    }

    private static void kill(Process process, Duration after) throws InterruptedException {
        Thread.sleep(after);
        process.destroyForcibly().waitFor();
    }

    private static void command(Town town, String... words) {
        Town.Ended ended = town.command(Map.of(), words);
        assertThat(ended.status()).as(ended.said() + ended.complained()).isZero();
    }

    @Test
    void leavesTheDatabaseAsItWasOrAsItWasToBe() throws Exception {
        TestDatabase database = TestDatabase.fresh();
        try (Town town = Town.startProcess(false, Map.of("signet.database.url", database.url(),
                "signet.database.username", database.username(), "signet.database.password", database.password()))) {
            UserId alice = town.homeserver.register("alice");
            UserId bob = town.homeserver.register("bob");
            town.publish(alice, ALICE);
            String one = town.folder().resolve("one.zip").toString();
            command(town, "backup", "--to", one);
            town.publish(bob, BOB);
            String both = town.folder().resolve("both.zip").toString();
            command(town, "backup", "--to", both);
            town.stopServer();

            // How long it takes from its first change to its end here and now: it is killed at moments all over that.
            Process whole = start(town, "restore", one, "--replace", "--yes");
            awaitBegin(town, whole);
            Instant begin = Instant.now();
            assertThat(whole.waitFor()).isZero();
            Duration length = Duration.between(begin, Instant.now());
            State now = State.of(database);
            assertThat(now).isEqualTo(new State(1, List.of(1L, 1L, 1L)));

            for (int i = 0; i < KILLS; i++) {
                boolean toBoth = now.addresses() == 1;
                State then = new State(toBoth ? 2 : 1, List.of(1L, 1L, 1L));
                Process restore = start(town, "restore", toBoth ? both : one, "--replace", "--yes");
                awaitBegin(town, restore);
                kill(restore, length.multipliedBy(i).dividedBy(KILLS));
                State left = State.of(database);
                assertThat(left).as("kill %d of %d", i, KILLS).isIn(now, then);
                now = left;
            }

            command(town, "restore", one, "--replace", "--yes");
            assertThat(hasStaged(database)).as("what killed ones had set up is gone").isFalse();
            town.startServer();
            assertThat(town.found(ALICE)).containsExactly(alice);
            assertThat(town.found(BOB)).isEmpty();
        }
    }

    @Test
    void leavesTheDatabaseThatItBringsToBeRestoredAgain() throws Exception {
        try (Town town = Town.startProcess(true, Map.of())) {
            UserId alice = town.homeserver.register("alice");
            town.publish(alice, ALICE);
            String file = town.folder().resolve("backup.zip").toString();
            command(town, "backup", "--to", file);
            town.publish(town.homeserver.register("bob"), BOB);
            town.stopServer();
            // The database outlives the command that has started it, and is in the way of nobody.
            for (int i = 0; i < 2; i++) {
                Process restore = start(town, "restore", file, "--replace", "--yes");
                awaitBegin(town, restore);
                kill(restore, Duration.ofMillis(200));
            }
            command(town, "restore", file, "--replace", "--yes");
            town.startServer();
            assertThat(town.found(ALICE)).containsExactly(alice);
            assertThat(town.found(BOB)).isEmpty();
        }
    }

    @Test
    void leavesTheBackupThatThereWas() throws Exception {
        try (Town town = Town.startProcess(false, Map.of())) {
            town.publish(town.homeserver.register("alice"), ALICE);
            Path file = town.folder().resolve("backup.zip");
            command(town, "backup", "--to", file.toString());
            Instant begin = Instant.now();
            assertThat(start(town, "backup", "--to", file.toString(), "--overwrite").waitFor()).isZero();
            Duration length = Duration.between(begin, Instant.now());
            for (int i = 1; i <= KILLS; i++) {
                kill(start(town, "backup", "--to", file.toString(), "--overwrite"),
                        length.multipliedBy(KILLS + i).dividedBy(KILLS * 2));
                command(town, "backup", "verify", file.toString());
            }
        }
    }
}
