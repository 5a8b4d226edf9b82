package im.signet.kit.journal;

import im.signet.kit.SettableClock;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class RevocationJournalTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration KEEP = Duration.ofDays(400);

    private static final int NOBODY = 65534;

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private final TestDatabase database = TestDatabase.fresh();
    private final TransactionTemplate together = new TransactionTemplate(
            new DataSourceTransactionManager(database.dataSource()));

    private Path folder() {
        return temp.resolve("journal");
    }

    private JournalFolder open() {
        return JournalFolder.open(folder(), KEEP, clock, new SecureRandom());
    }

    private RevocationJournal journal(JournalFolder folder) {
        return new RevocationJournal(folder, "identity", new KeyedHash(KeyRings.of("journal")), clock);
    }

    private void end(RevocationJournal journal, String what) {
        together.executeWithoutResult(_ -> journal.add("association", List.of(what)));
    }

    private JournalReading read() throws IOException {
        return JournalReading.of(List.of(folder()));
    }

    @Test
    void keepsWhatWasEndedForItsOwnerOnly() throws IOException {
        JournalFolder folder = open();
        end(journal(folder), "aaaa");
        clock.move(Duration.ofMinutes(1));
        end(journal(folder), "bbbb");
        JournalReading reading = read();
        assertThat(reading.entries()).extracting(Revocation::parts).containsExactly(List.of("aaaa"), List.of("bbbb"));
        assertThat(reading.ids()).containsExactly(folder.id());
        assertThat(reading.damaged()).isZero();
        assertThat(reading.of("identity", "association", NOW.plusSeconds(1))).hasSize(1);
        assertThat(reading.of("names", "association", NOW)).isEmpty();
        Path file = folder().resolve("2026-11.journal");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void isWrittenWhenTheTransactionIsAboutToCommitAndNotBefore() throws IOException {
        RevocationJournal journal = journal(open());
        together.executeWithoutResult(status -> {
            journal.add("association", List.of("aaaa"));
            status.setRollbackOnly();
        });
        assertThat(read().entries()).isEmpty();
        assertThatThrownBy(() -> journal.add("association", List.of("aaaa")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatATransactionEndsIsWrittenInOnePiece() throws IOException {
        JournalFolder folder = open();
        AtomicInteger writes = new AtomicInteger();
        RevocationJournal journal = new RevocationJournal(() -> {
            writes.incrementAndGet();
            return folder;
        }, "identity", new KeyedHash(KeyRings.of("journal")), clock);
        for (int transaction = 1; transaction <= 2; transaction++) {
            together.executeWithoutResult(_ -> IntStream.range(0, 100)
                    .forEach(i -> journal.add("association", List.of("entry" + i))));
            assertThat(writes).hasValue(transaction);
            clock.move(Duration.ofSeconds(1));
        }
        assertThat(read().entries()).hasSize(200);
    }

    @Test
    void whereItCannotBeWrittenNothingIsEnded() throws IOException {
        JdbcClient sql = JdbcClient.create(database.dataSource());
        sql.sql("CREATE TABLE held (id int)").update();
        sql.sql("INSERT INTO held VALUES (1)").update();
        RevocationJournal journal = journal(open());
        // A month begins, and its file cannot be made.
        clock.move(Duration.ofDays(10));
        Files.createDirectory(folder().resolve("2026-12.journal"));
        assertThatThrownBy(() -> together.executeWithoutResult(_ -> {
            sql.sql("DELETE FROM held").update();
            journal.add("association", List.of("aaaa"));
        })).isInstanceOf(JournalFolder.Unwritable.class);
        assertThat(sql.sql("SELECT count(*) FROM held").query(Long.class).single()).isEqualTo(1);
        Files.delete(folder().resolve("2026-12.journal"));
        end(journal, "bbbb");
        assertThat(read().entries()).hasSize(1);
    }

    @Test
    void aLineThatACrashCutShortHidesNoOther() throws IOException {
        end(journal(open()), "aaaa");
        Path file = folder().resolve("2026-11.journal");
        String whole = Files.readString(file);
        for (int cut = 1; cut < 30; cut++) {
            Files.writeString(file, whole.substring(0, whole.length() - cut));
            end(journal(open()), "bbbb");
            JournalReading reading = read();
            assertThat(reading.entries()).extracting(Revocation::parts).containsExactly(List.of("bbbb"));
            assertThat(reading.damaged()).isEqualTo(1);
        }
    }

    @Test
    void noDigitOfALineCanChangeUnseen() throws IOException {
        end(journal(open()), "aaaa");
        Path file = folder().resolve("2026-11.journal");
        byte[] whole = Files.readAllBytes(file);
        int start = Files.readString(file).lastIndexOf('\n') + 1;
        for (int at = start; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertThat(read().entries()).as("byte %d", at).isEmpty();
            assertThat(read().damaged()).isPositive();
        }
    }

    @Test
    void severalProcessesWriteIntoOneFolder() throws Exception {
        List<JournalFolder> folders = List.of(open(), open());
        assertThat(folders.get(0).id()).isEqualTo(folders.get(1).id());
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                RevocationJournal journal = journal(folders.get(i % 2));
                String what = "entry" + i;
                writers.add(threads.submit(() -> end(journal, what)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(read().entries()).extracting(entry -> entry.parts().getFirst())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 400).mapToObj(i -> "entry" + i).toList());
        assertThat(read().damaged()).isZero();
    }

    /** An operator's command runs as root beside a server with a user of its own. */
    @Test
    void whatRootMakesIsTheFolderOwners() throws IOException {
        assumeTrue(Files.getAttribute(temp, "unix:uid").equals(0), "only root can give files away");
        Files.setAttribute(temp, "unix:gid", NOBODY);
        Files.setAttribute(temp, "unix:uid", NOBODY);
        RevocationJournal journal = journal(open());
        end(journal, "aaaa");
        clock.move(Duration.ofDays(10));
        end(journal, "bbbb");
        for (String made : List.of("", "journal-id", "2026-11.journal", "2026-12.journal")) {
            Path file = folder().resolve(made);
            assertThat(Files.getAttribute(file, "unix:uid")).as(made).isEqualTo(NOBODY);
            assertThat(Files.getAttribute(file, "unix:gid")).as(made).isEqualTo(NOBODY);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(made)
                    .isEqualTo(made.isEmpty() ? "rwx------" : "rw-------");
        }
        assertThat(folder().toFile().list()).hasSize(3);
    }

    @Test
    void forgetsWhatNoBackupIsAsOldAs() throws IOException {
        end(journal(open()), "aaaa");
        clock.move(KEEP);
        JournalFolder later = open();
        assertThat(read().entries()).hasSize(1);
        clock.move(Duration.ofDays(31));
        end(journal(later), "bbbb");
        assertThat(read().entries()).extracting(Revocation::parts).containsExactly(List.of("bbbb"));
    }

    @Test
    void whatCannotBeDeletedKeepsNothingFromBeingEnded() throws IOException {
        RevocationJournal journal = journal(open());
        Path stuck = Files.createDirectory(folder().resolve("2020-01.journal"));
        Files.writeString(stuck.resolve("in the way"), "");
        clock.move(Duration.ofDays(10));
        end(journal, "aaaa");
        assertThat(Files.readString(folder().resolve("2026-12.journal"))).contains("aaaa");
        assertThat(stuck).exists();
    }

    @Test
    void tellsTheDatabaseWhoseItIs() {
        new SchemaMigration(database.dataSource(), "identity", "classpath:db/kit").migrate();
        JdbcClient sql = JdbcClient.create(database.dataSource());
        JournalFolder folder = open();
        JournalInUse.note(folder, sql, "identity");
        JournalInUse.note(open(), sql, "identity");
        assertThat(sql.sql("SELECT id FROM identity.revocation_journal").query(String.class).list())
                .containsExactly(folder.id());
    }

    @Test
    void aFolderThatCannotBeWrittenStopsTheStart() throws IOException {
        Files.writeString(folder(), "a file");
        assertThatThrownBy(this::open).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining(folder().toString());
        assertThatThrownBy(() -> JournalReading.of(List.of(temp.resolve("none"))))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void namesTheKeyThatARestoreNeeds() throws IOException {
        RevocationJournal journal = journal(open());
        together.executeWithoutResult(_ -> {
            journal.add("withdrawn", List.of("aaaa"));
            journal.add("quarantine", Optional.of(new Revocation.Key("handle-hash", "n:2")), List.of("bbbb"));
            journal.add("forgotten", Optional.empty(), List.of("cccc"));
        });
        assertThat(read().entries()).extracting(Revocation::key)
                .containsExactly(Optional.of(new Revocation.Key("journal", "k1")),
                        Optional.of(new Revocation.Key("handle-hash", "n:2")), Optional.empty());
        assertThat(read().entries()).extracting(Revocation::parts)
                .containsExactly(List.of("aaaa"), List.of("bbbb"), List.of("cccc"));
    }

    @Test
    void hashesAreFoundUnderOlderKeys() {
        KeyRing ring = KeyRings.of("journal");
        String written = new RevocationJournal(open(), "terms", new KeyedHash(ring), clock).hashed("user",
                "@alice:example.org");
        KeyedHash rotated = new KeyedHash(KeyRings.withNewer(ring, "j2"));
        assertThat(RevocationJournal.hashes(rotated, "user", "@alice:example.org")).contains(written);
        assertThat(RevocationJournal.hashes(rotated, "user", "@alicf:example.org")).doesNotContain(written);
        assertThat(written).doesNotContain("alice");
    }
}
