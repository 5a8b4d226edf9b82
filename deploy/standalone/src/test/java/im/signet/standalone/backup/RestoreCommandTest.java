package im.signet.standalone.backup;

import im.signet.kit.SettableClock;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.KeyedHash;
import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
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
        backUpAgain();
        other = TestDatabase.fresh();
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        FileSystemUtils.copyRecursively(filled.dataDir.resolve("keys"), elsewhere.resolve("keys"));
    }

    private void backUpAgain() throws Exception {
        try (Connection connection = DriverManager.getConnection(filled.database.url(), filled.database.username(),
                filled.database.password())) {
            new Backup(connection, "test").writeTo(file, true);
        }
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

    private Called restore(String... words) {
        return restore(Clock.systemUTC(), words);
    }

    /** Writes an entry of that key as a server does; returns the journal. */
    private Path journal(Optional<Revocation.Key> key) {
        Path journal = folder.resolve("journal");
        KeyedHash hash = new KeyedHash(new KeyFiles(filled.dataDir.resolve("keys")).read("journal").orElseThrow());
        RevocationJournal entries = new RevocationJournal(
                JournalFolder.open(journal, Duration.ofDays(400), Clock.systemUTC(), new SecureRandom()), "names", hash,
                Clock.systemUTC());
        new TransactionTemplate(new DataSourceTransactionManager(filled.database.dataSource()))
                .executeWithoutResult(_ -> entries.add("withdrawn", key, List.of("aaaa")));
        return journal;
    }

    /** Puts a new key for handles into use; returns its id. */
    private static String rotate(Path dataDir) {
        KeyFiles.Change change = new KeyFiles(dataDir.resolve("keys")).add("handle-hash", "n", false);
        change.make();
        return change.id();
    }

    @Test
    void keysThatAreOlderThanTheJournalDoNotPassInSilence() {
        String rotated = rotate(filled.dataDir);
        String journal = journal(Optional.of(new Revocation.Key("handle-hash", rotated))).toString();
        Called refused = restore("--journal", journal);
        assertThat(refused.exit()).isEqualTo(Exit.USAGE);
        assertThat(refused.complained()).contains(rotated + " of handle-hash.keys", "--keys FILE", "--without-journal");
        Called without = restore("--journal", journal, "--without-journal");
        assertThat(without.exit()).as(without.complained()).isEqualTo(Exit.OK);
        assertThat(without.complained()).contains("WARNING", "handle-hash.keys");
    }

    @Test
    void aKeyFileThatIsMissingDoesNotEither() throws Exception {
        filled.sql.sql("DELETE FROM names.key_in_use WHERE purpose = 'handle-hash'").update();
        backUpAgain();
        Files.delete(elsewhere.resolve("keys").resolve("handle-hash.keys"));
        Called refused = restore("--journal", journal(Optional.empty()).toString());
        assertThat(refused.exit()).isEqualTo(Exit.USAGE);
        assertThat(refused.complained()).contains("all of handle-hash.keys");
        assertThat(restore().exit()).as("nothing is to be applied").isEqualTo(Exit.OK);
    }

    @Test
    void keysThatKnowMoreThanTheJournalWillDo() {
        String used = new KeyFiles(elsewhere.resolve("keys")).read("handle-hash").orElseThrow().current().id();
        rotate(elsewhere);
        Called done = restore("--journal", journal(Optional.of(new Revocation.Key("handle-hash", used))).toString());
        assertThat(done.exit()).as(done.complained()).isEqualTo(Exit.OK);
        assertThat(done.complained()).isEmpty();
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
