package im.signet.standalone.backup;

import im.signet.kit.database.OfflineDatabase;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.journal.JournalReading;
import im.signet.kit.key.KeyFiles;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BackupTest {

    private static final int ROWS = 15;
    /** Of these a restore changes rows, by its rules. */
    private static final Set<String> RULED = Set.of("terms.restore", "identity.restore", "names.restore",
            "terms.revocation_journal", "identity.revocation_journal", "names.revocation_journal",
            "terms.scheduled_tasks", "identity.scheduled_tasks", "names.scheduled_tasks", "names.identity");

    @TempDir
    Path folder;

    private Path backUp(FilledDatabase filled) throws Exception {
        Path file = folder.resolve("backup.zip");
        try (Connection connection = connect(filled.database)) {
            new Backup(connection, "test").writeTo(file, true);
        }
        return file;
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }

    private static Restore.Done restore(Path file, TestDatabase into, Path dataDir) throws Exception {
        try (BackupFile backup = BackupFile.open(file);
                OfflineDatabase database = OfflineDatabase.open(FilledDatabase.settings(into, dataDir),
                        new SecureRandom())) {
            KeyFiles keys = new KeyFiles(dataDir.resolve("keys"));
            assertThat(new KeyCheck(backup, keys, new SecureRandom()).check()).isPositive();
            Restore restore = new Restore(database, backup, keys, JournalReading.of(List.of()), new SecureRandom());
            restore.check();
            restore.present();
            return restore.run();
        }
    }

    /** Returns each table's rows, as text in some order. */
    private static Map<String, List<String>> contents(TestDatabase database) {
        JdbcClient sql = JdbcClient.create(database.dataSource());
        Map<String, List<String>> contents = new LinkedHashMap<>();
        for (String schema : TableRule.SCHEMAS) {
            TableRule.tablesOf(schema)
                    .sorted()
                    .forEach(table -> contents.put(schema + "." + table,
                            sql.sql("SELECT t::text FROM " + schema + "." + table + " t ORDER BY 1")
                                    .query(String.class)
                                    .list()));
        }
        return contents;
    }

    @Test
    void everyTableOfOursIsNamed() {
        FilledDatabase empty = FilledDatabase.migrated(folder, 1);
        for (String schema : TableRule.SCHEMAS) {
            assertThat(empty.sql.sql("SELECT tablename FROM pg_tables WHERE schemaname = ?")
                    .param(schema)
                    .query(String.class)
                    .list()).as("TableRule has to say what a backup does with each table of %s", schema)
                    .containsExactlyInAnyOrderElementsOf(TableRule.tablesOf(schema).toList());
        }
    }

    @Test
    void whatIsBackedUpComesBackAsItWas() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 20261121, ROWS);
        Path file = backUp(filled);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        TestDatabase other = TestDatabase.fresh();
        restore(file, other, filled.dataDir);

        Map<String, List<String>> before = contents(filled.database);
        Map<String, List<String>> after = contents(other);
        for (Map.Entry<String, List<String>> table : before.entrySet()) {
            String name = table.getKey();
            TableRule rule = TableRule.of(name.substring(0, name.indexOf('.')), name.substring(name.indexOf('.') + 1))
                    .orElseThrow();
            assertThat(table.getValue()).as("%s was filled", name).isNotEmpty();
            if (rule.rows() == TableRule.Rows.NONE) {
                assertThat(after.get(name)).as(name).isEmpty();
            } else if (rule.rows() == TableRule.Rows.ALL && !RULED.contains(name)) {
                assertThat(after.get(name)).as(name).isEqualTo(table.getValue());
            }
        }
        JdbcClient sql = JdbcClient.create(other.dataSource());
        assertThat(sql.sql("SELECT DISTINCT task_name FROM identity.scheduled_tasks ORDER BY 1")
                .query(String.class)
                .list()).containsExactly("end-holdings", "onbind");
        assertThat(sql.sql("SELECT count(*) FROM identity.scheduled_tasks WHERE picked").query(Long.class).single())
                .isZero();
        assertThat(sql.sql("SELECT count(*) FROM names.identity WHERE restored_in IS NULL").query(Long.class).single())
                .isZero();
        assertThat(sql.sql("SELECT count(*) FROM names.restore").query(Long.class).single()).isEqualTo(2);
        assertThat(
                sql.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'restoring%'").query(String.class).list())
                .isEmpty();
    }

    @Test
    void numbersGoOn() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 7, 3);
        Path file = backUp(filled);
        TestDatabase other = TestDatabase.fresh();
        restore(file, other, filled.dataDir);
        JdbcClient sql = JdbcClient.create(other.dataSource());
        String next = "INSERT INTO terms.withdrawal (user_id, withdrawn_at) VALUES ('@a:b', now()) RETURNING id";
        assertThat(sql.sql(next).query(Long.class).single())
                .isEqualTo(filled.sql.sql(next).query(Long.class).single());
    }

    @Test
    void aServerOfThisVersionFindsNothingToMigrate() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 8, 1);
        TestDatabase other = TestDatabase.fresh();
        restore(backUp(filled), other, filled.dataDir);
        for (String schema : TableRule.SCHEMAS) {
            assertThat(new SchemaMigration(other.dataSource(), schema, "classpath:db/kit",
                    "classpath:db/" + schema).migrate()).isZero();
        }
    }

    @Test
    void whatAnOlderVersionWroteIsMigratedOnTheWay() throws Exception {
        TestDatabase old = TestDatabase.fresh();
        Map.of("terms", "20261121.2002", "identity", "20261121.2300", "names", "20261121.2400")
                .forEach((schema, version) -> new SchemaMigration(old.dataSource(), schema, "classpath:db/kit",
                        "classpath:db/" + schema).migrateTo(version));
        JdbcClient.create(old.dataSource())
                .sql("INSERT INTO names.identity (id, seq, head) VALUES (repeat('a', 54), 0, repeat('b', 43))")
                .update();
        Path file = folder.resolve("old.zip");
        try (Connection connection = connect(old)) {
            new Backup(connection, "older").writeTo(file, false);
        }
        TestDatabase other = TestDatabase.fresh();
        try (BackupFile backup = BackupFile.open(file);
                OfflineDatabase database = OfflineDatabase.open(FilledDatabase.settings(other, folder),
                        new SecureRandom())) {
            Restore restore = new Restore(database, backup, new KeyFiles(folder), JournalReading.of(List.of()),
                    new SecureRandom());
            restore.check();
            restore.run();
        }
        assertThat(JdbcClient.create(other.dataSource())
                .sql("SELECT restored_in FROM names.identity")
                .query(Long.class)
                .single()).isEqualTo(1);
    }

    @Test
    void aTableOfNobodyIsNotPassedOverInSilence() throws Exception {
        FilledDatabase filled = FilledDatabase.migrated(folder, 9);
        filled.sql.sql("CREATE TABLE identity.new_feature (id int)").update();
        try (Connection connection = connect(filled.database)) {
            assertThatThrownBy(() -> new Backup(connection, "test").writeTo(folder.resolve("b.zip"), false))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("identity.new_feature");
        }
        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void noByteOfAFileCanChangeUnseen() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 10, 1);
        Path file = backUp(filled);
        byte[] whole = Files.readAllBytes(file);
        Path other = folder.resolve("other.zip");
        for (int region = 0; region < 200; region++) {
            int at = (int) ((long) region * (whole.length - 1) / 199);
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << (region % 8));
            refuses(Files.write(other, flipped));
            refuses(Files.write(other, Arrays.copyOf(whole, at)));
        }
        refuses(Files.write(other, Arrays.copyOf(whole, whole.length + 1)));
        Files.write(other, whole);
        BackupFile.open(other).close();
    }

    private static void refuses(Path file) {
        assertThatThrownBy(() -> BackupFile.open(file).close()).isInstanceOf(Refusal.class);
    }

    @Test
    void noFileIsReplacedUnlessItIsSaid() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 11, 1);
        Path file = Files.writeString(folder.resolve("mine.zip"), "something else");
        try (Connection connection = connect(filled.database)) {
            assertThatThrownBy(() -> new Backup(connection, "test").writeTo(file, false)).isInstanceOf(Refusal.class)
                    .hasMessageContaining("--overwrite");
        }
        assertThat(file).hasContent("something else");
        try (Connection connection = connect(filled.database)) {
            new Backup(connection, "test").writeTo(file, true);
        }
        BackupFile.open(file).close();
    }

    @Test
    void whileAnyoneWorksOnTheDatabaseNothingIsRestored() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 12, 1);
        Path file = backUp(filled);
        TestDatabase other = TestDatabase.fresh();
        try (Connection _ = connect(other)) {
            assertThatThrownBy(() -> restore(file, other, filled.dataDir)).isInstanceOf(Refusal.class)
                    .hasMessageContaining("in use by 1 connections");
        }
        assertThat(JdbcClient.create(other.dataSource())
                .sql("SELECT count(*) FROM pg_namespace WHERE nspname IN ('terms', 'identity', 'names')")
                .query(Long.class)
                .single()).isZero();
    }

    @Test
    void aRowThatTheDatabaseRefusesLeavesAllAsItWas() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 13, 2);
        filled.sql.sql("ALTER TABLE names.quarantine DROP CONSTRAINT quarantine_fold_hash_check").update();
        filled.sql.sql("UPDATE names.quarantine SET fold_hash = 'short'").update();
        Path file = backUp(filled);
        FilledDatabase there = FilledDatabase.of(folder.resolve("there"), 14, 2);
        Map<String, List<String>> before = contents(there.database);
        there.database.dataSource()
                .unwrap(HikariDataSource.class)
                .getHikariPoolMXBean()
                .softEvictConnections();
        assertThatThrownBy(() -> restore(file, there.database, filled.dataDir)).isInstanceOf(SQLException.class);
        assertThat(contents(there.database)).isEqualTo(before);
    }

    @Test
    void aRightThatTheRoleLacksIsTheDatabasesRefusal() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 16, 1);
        Path file = backUp(filled);
        TestDatabase other = TestDatabase.fresh();
        try (Connection connection = connect(other); Statement statement = connection.createStatement()) {
            statement.execute("REVOKE CREATE ON DATABASE " + connection.getCatalog() + " FROM " + other.username());
        }
        assertThatThrownBy(() -> restore(file, other, filled.dataDir)).isInstanceOfSatisfying(SQLException.class,
                failed -> assertThat(failed.getSQLState()).isEqualTo("42501"));
    }

    private static Connection failingToCommit(String state) {
        return (Connection) Proxy.newProxyInstance(BackupTest.class.getClassLoader(), new Class<?>[]{Connection.class},
                (_, _, _) -> {
                    throw new SQLException("", state);
                });
    }

    @Test
    void aConnectionThatBreaksInTheCommitLeavesItOpenAndARefusalDoesNot() {
        for (String state : List.of("08006", "57P01")) {
            assertThatThrownBy(() -> Restore.commit(failingToCommit(state), Instant.parse("2026-11-21T12:00:00Z")))
                    .isInstanceOf(Unfinished.class)
                    .hasMessageContaining("not known")
                    .hasMessageContaining("--replace")
                    .hasMessageContaining("2026-11-21T12:00:00Z");
        }
        assertThatThrownBy(() -> Restore.commit(failingToCommit("23505"), Instant.EPOCH))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void keysThatAreMissingOrOthersAreFoundOut() throws Exception {
        FilledDatabase filled = FilledDatabase.of(folder.resolve("data"), 15, 5);
        Path file = backUp(filled);
        Path keys = folder.resolve("keys.zip");
        KeysFile.write(filled.dataDir.resolve("keys"), keys, false);
        try (BackupFile backup = BackupFile.open(file); UnpackedKeys unpacked = UnpackedKeys.of(keys)) {
            assertThat(new KeyCheck(backup, new KeyFiles(unpacked.folder()), new SecureRandom()).check())
                    .isGreaterThan(10);
            Path address = unpacked.folder().resolve("address.keys");
            String others = Files.readString(address);
            Files.delete(address);
            assertThatThrownBy(() -> new KeyCheck(backup, new KeyFiles(unpacked.folder()), new SecureRandom()).check())
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("address.keys");
            // The same id, another secret: the id alone would not tell.
            Files.writeString(address, others.replaceAll("[A-Za-z0-9+/]{43}", "B".repeat(42) + "A"));
            assertThatThrownBy(() -> new KeyCheck(backup, new KeyFiles(unpacked.folder()), new SecureRandom()).check())
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("identity.association");
        }
        assertThatThrownBy(() -> BackupFile.open(keys)).isInstanceOf(Refusal.class).hasMessageContaining("keys");
        assertThatThrownBy(() -> UnpackedKeys.of(file)).isInstanceOf(Refusal.class);
    }

    @Test
    void aFullDiskLeavesNoFile() {
        assertThatThrownBy(() -> SealedZip.write(folder.resolve("b.zip"), false, zip -> {
            zip.putNextEntry(new ZipEntry("a"));
            zip.write(new byte[100_000]);
            throw new IOException("No space left on device");
        }, _ -> {})).isInstanceOf(IOException.class);
        assertThat(folder.toFile().list()).isEmpty();
    }

    private static SealedZip.Content entry(String name) {
        return zip -> zip.putNextEntry(new ZipEntry(name));
    }

    @Test
    void twoThatWriteToOneNameDoNotMixTheirs() throws Exception {
        Path file = folder.resolve("b.zip");
        // The second one writes, and is through, while the first one looks at what it has written.
        SealedZip.write(file, true, entry("first"), written -> {
            SealedZip.open(written).close();
            SealedZip.write(file, true, entry("second"), own -> SealedZip.open(own).close());
            holds(written, "first");
            holds(file, "second");
        });
        holds(file, "first");
        assertThatThrownBy(() -> SealedZip.write(folder.resolve("c.zip"), false, entry("first"),
                _ -> SealedZip.write(folder.resolve("c.zip"), false, entry("second"), _ -> {})))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--overwrite");
        holds(folder.resolve("c.zip"), "second");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("b.zip", "c.zip");
    }

    private static void holds(Path file, String entry) throws IOException, Refusal {
        try (ZipFile zip = SealedZip.open(file)) {
            assertThat(zip.getEntry(entry)).isNotNull();
        }
    }

    @Test
    void whatKilledCommandsLeftIsDeletedAfterADay() throws Exception {
        Path fresh = Files.writeString(folder.resolve("b.zip.17.part"), "another one writes it now");
        FileTime twoDaysAgo = FileTime.from(Files.getLastModifiedTime(fresh).toInstant().minus(Duration.ofDays(2)));
        List<Path> abandoned = List.of(folder.resolve("b.zip.42.part"), folder.resolve("b.zip.part"));
        List<Path> others = List.of(folder.resolve("a.b.zip.42.part"), folder.resolve("b.zip.txt.part"),
                folder.resolve("b.zip.42"));
        for (List<Path> files : List.of(abandoned, others)) {
            for (Path file : files) {
                Files.setLastModifiedTime(Files.writeString(file, "half of one"), twoDaysAgo);
            }
        }
        SealedZip.write(folder.resolve("b.zip"), false, entry("a"), _ -> {});
        assertThat(abandoned).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(others).allSatisfy(file -> assertThat(file).exists());
        assertThat(fresh).exists();
    }
}
