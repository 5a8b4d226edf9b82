package im.signet.standalone.backup;

import im.signet.kit.SettableClock;
import im.signet.kit.database.TestDatabase;
import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** What the operator is told before a backup is brought back. */
class RestoreCommandTest {

    @TempDir
    Path folder;

    private FilledDatabase filled;
    private TestDatabase other;
    private Path file;
    /** The data folder of the machine where it is brought back, with the keys of the day of the backup. */
    private Path elsewhere;

    @BeforeEach
    void backUp() throws Exception {
        filled = FilledDatabase.of(folder.resolve("data"), 17, 1);
        TableRule.SCHEMAS.forEach(schema -> filled.sql.sql("DELETE FROM " + schema + ".revocation_journal").update());
        file = folder.resolve("backup.zip");
        try (Connection connection = DriverManager.getConnection(filled.database.url(), filled.database.username(),
                filled.database.password())) {
            new Backup(connection, "test").writeTo(file, false);
        }
        other = TestDatabase.fresh();
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        FileSystemUtils.copyRecursively(filled.dataDir.resolve("keys"), elsewhere.resolve("keys"));
    }

    private record Called(Exit exit, String said, String complained) {}

    private Called restore(Clock clock, String... words) {
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine command = new CommandLine(new RestoreCommand(_ -> Optional.empty(), clock))
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(complained));
        List<String> all = new ArrayList<>(List.of(file.toString()));
        Collections.addAll(all, words);
        all.addAll(FilledDatabase.arguments(other, elsewhere));
        command.execute(all.toArray(String[]::new));
        return new Called(command.getExecutionResult(), said.toString(), complained.toString());
    }

    @Test
    void aBackupThatIsOlderThanWhatJournalsKeepIsRefused() {
        SettableClock later = new SettableClock();
        later.move(Duration.between(later.instant(), Clock.systemUTC().instant()).plusDays(401));
        Called refused = restore(later);
        assertThat(refused.exit()).isEqualTo(Exit.USAGE);
        assertThat(refused.complained()).contains("signet.journal.keep", "400 days", "--without-journal");
        assertThat(restore(later, "--signet.journal.keep=500d").exit()).isEqualTo(Exit.OK);
        Called without = restore(later, "--without-journal", "--replace", "--yes");
        assertThat(without.exit()).as(without.complained()).isEqualTo(Exit.OK);
        assertThat(without.complained()).contains("WARNING");
    }
}
