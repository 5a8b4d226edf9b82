package im.signet.standalone.backup;

import im.signet.kit.database.TestDatabase;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code restore --keys} says and leaves when the keys cannot be put where they belong. */
class KeysOfARestoreTest {

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();
    private Path backup = Path.of("");
    private Path keysCopy = Path.of("");

    private void backUp() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 20, 2);
        backup = folder.resolve("backup.zip");
        keysCopy = folder.resolve("keys.zip");
        try (Connection connection = connect(filled.database)) {
            new Backup(connection, "test").writeTo(backup, false);
        }
        KeysFile.write(filled.dataDir.resolve("keys"), keysCopy, false);
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }

    private Exit restore(FilledDatabase into, Operator operator) throws SQLException {
        into.database.dataSource()
                .unwrap(HikariDataSource.class)
                .getHikariPoolMXBean()
                .softEvictConnections();
        RestoreCommand command = new RestoreCommand(operator, Clock.systemUTC());
        List<String> words = new ArrayList<>(List.of(backup.toString(), "--keys=" + keysCopy, "--replace",
                "--without-journal"));
        words.addAll(FilledDatabase.arguments(into.database, into.dataDir));
        new CommandLine(command).setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(new StringWriter()))
                .parseArgs(words.toArray(String[]::new));
        return command.call();
    }

    private static FilledDatabase marked(Path dataDir, long seed) {
        FilledDatabase filled = FilledDatabase.of(dataDir, seed, 2);
        filled.sql.sql("CREATE TABLE terms.of_before (id int)").update();
        return filled;
    }

    private static boolean isRestored(FilledDatabase marked) throws SQLException {
        try (Connection connection = connect(marked.database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('terms.of_before') IS NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Test
    void keysThatCannotBePutInPlaceAreKeptAndTheDatabaseIsSaidToBeRestored() throws Exception {
        backUp();
        FilledDatabase there = marked(folder.resolve("there"), 21);
        Path keys = there.dataDir.resolve("keys");
        assertThat(restore(there, _ -> {
            try {
                Files.move(keys, keys.resolveSibling("keys.elsewhere"));
                Files.writeString(keys, "in the way");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Optional.of("yes");
        })).isEqualTo(Exit.UNAVAILABLE);
        assertThat(err.toString()).contains("The database IS restored; its keys are still to be put into " + keys)
                .doesNotContain("nothing was changed");
        assertThat(there.dataDir.resolve("keys.restoring")).isDirectoryContaining("glob:**/address.keys");
        assertThat(isRestored(there)).isTrue();
    }

    @Test
    void whatIsRefusedLeavesTheKeysAsTheyWere() throws Exception {
        backUp();
        FilledDatabase there = marked(folder.resolve("there"), 22);
        assertThat(restore(there, _ -> Optional.of("no"))).isEqualTo(Exit.USAGE);
        assertThat(there.dataDir.toFile().list()).contains("keys")
                .doesNotContain("keys.restoring", "keys.before-restore");
        assertThat(isRestored(there)).isFalse();
    }
}
