package im.signet.kit.database;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.sun.security.auth.module.UnixSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class EmbeddedPostgresTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path temp;

    @Test
    void keepsItsFilesPrivate() throws IOException {
        Path programs = temp.resolve("postgres-bin");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(temp, programs, Map.of(), new SecureRandom())) {
            assertThat(server.process().isAlive()).isTrue();
            assertThat(mode(temp.resolve("postgres"))).isEqualTo("rwx------");
            assertThat(mode(programs)).isEqualTo("rwx------");
            assertThat(mode(temp.resolve("postgres-password"))).isEqualTo("rw-------");
            assertThat(mode(temp.resolve("postgres.log"))).isEqualTo("rw-------");
            assertThat(mode(temp.resolve("postgres.lock"))).isEqualTo("rw-------");
            try (Stream<Path> all = Files.walk(programs)) {
                assertThat(all.filter(path -> !Files.isSymbolicLink(path)).map(EmbeddedPostgresTest::mode))
                        .allMatch(mode -> mode.endsWith("------"));
            }
        }
    }

    @Test
    void makesTheDataFolderPrivate() throws IOException {
        Path dataDir = temp.resolve("a/data");
        try (EmbeddedPostgres server = start(dataDir, Map.of())) {
            assertThat(server.process().isAlive()).isTrue();
            assertThat(mode(dataDir)).isEqualTo("rwx------");
        }
    }

    @Test
    void refusesADataFolderThatEverybodyMayWriteTo() throws IOException {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::start).isInstanceOf(DatabaseStartException.class)
                .hasMessage("Everybody on this machine may write to the data folder " + temp + ".");
    }

    @Test
    void writesNoStatementAndNoValueIntoItsLog() throws IOException, SQLException {
        try (EmbeddedPostgres server = start();
                Connection connection = server.access().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE public.address (value text PRIMARY KEY)");
            statement.execute("INSERT INTO public.address VALUES ('alice@example.org')");
            assertThatThrownBy(() -> statement.execute("INSERT INTO public.address VALUES ('alice@example.org')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageNotContaining("alice");
            assertThatThrownBy(() -> statement.execute("SELECT 'alice@example.org'::integer"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.execute("SELEKT 'alice@example.org'"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.execute("DO $$ BEGIN RAISE WARNING 'alice@example.org';"
                    + " RAISE EXCEPTION 'alice@example.org'; END $$")).isInstanceOf(SQLException.class);
            try (var batch = connection.prepareStatement("INSERT INTO public.address VALUES (?)")) {
                batch.setString(1, "alice@example.org");
                batch.addBatch();
                assertThatThrownBy(batch::executeBatch).isInstanceOf(SQLException.class)
                        .hasMessageNotContaining("alice");
            }
        }
        assertThat(Files.readString(temp.resolve("postgres.log"))).contains("ready to accept connections")
                .doesNotContain("alice")
                .doesNotContain("INSERT")
                .doesNotContain("SELEKT");
    }

    @Test
    void findsItsDataAfterARestart() throws SQLException {
        try (EmbeddedPostgres server = start()) {
            Sql.run(server.access(), "CREATE TABLE public.kept AS SELECT 42 AS answer");
        }
        try (EmbeddedPostgres server = start()) {
            assertThat(Sql.ask(server.access(), "SELECT answer FROM public.kept")).isEqualTo("42");
        }
    }

    @Test
    void stopsWhenClosed() {
        EmbeddedPostgres server = start();
        Process process = server.process();
        server.close();
        server.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitValue()).isZero();
        assertThat(temp.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void startsAgainOnTheSamePortAfterItWasKilled() throws SQLException {
        try (EmbeddedPostgres server = start()) {
            Sql.run(server.access(), "CREATE TABLE public.kept AS SELECT 42 AS answer");
            Process killed = server.process();
            killed.destroyForcibly();
            await().ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> Sql.ask(server.access(), "SELECT answer FROM public.kept").equals("42")
                            && !server.process().equals(killed));
        }
    }

    @Test
    void stopsAnOrphanAndFindsWhatItAcknowledged() throws IOException, InterruptedException, SQLException {
        // Promise 2: the JVM is killed between two acknowledgements, its PostgreSQL lives on.
        Process child = ChildServer.start(List.of(), classPath(), temp, TestServer.PROGRAMS, Integer.MAX_VALUE);
        int acknowledged = 0;
        try (BufferedReader output = ChildServer.output(child)) {
            List<String> printed = new ArrayList<>();
            while (acknowledged < 100) {
                String line = output.readLine();
                assertThat(line).as("the child ended: %s", printed).isNotNull();
                printed.add(line);
                acknowledged += line.startsWith("acknowledged ") ? 1 : 0;
            }
            child.destroyForcibly().waitFor();
        }
        Path data = temp.resolve("postgres");
        ProcessHandle orphan = PostmasterFile.read(data).flatMap(file -> file.process(data)).orElseThrow();
        try (EmbeddedPostgres server = start()) {
            assertThat(server.process().pid()).isNotEqualTo(orphan.pid());
            assertThat(PostmasterFile.read(data).orElseThrow().pid()).isEqualTo(server.process().pid());
            await().until(() -> !runsPostgres(orphan));
            assertThat(Integer.parseInt(Sql.ask(server.access(), "SELECT max(id) FROM public.acknowledged")))
                    .isGreaterThanOrEqualTo(acknowledged);
            assertThat(Sql.ask(server.access(), "SELECT count(*) = max(id) FROM public.acknowledged")).isEqualTo("t");
        }
    }

    @Test
    void isNotHinderedByAStaleFileWhoseNumberIsSomebodyElsesNow() throws IOException, SQLException {
        try (EmbeddedPostgres server = start()) {
            Sql.run(server.access(), "CREATE TABLE public.kept AS SELECT 42 AS answer");
        }
        Files.writeString(temp.resolve("postgres/postmaster.pid"), ProcessHandle.current().pid() + "\n"
                + temp.resolve("postgres") + "\n1\n5432\n\n127.0.0.1\n  1  1\nready   \n");
        try (EmbeddedPostgres server = start()) {
            assertThat(Sql.ask(server.access(), "SELECT answer FROM public.kept")).isEqualTo("42");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "rubbish\n", "-1\n"})
    void isNotHinderedByAFileThatACrashLeftHalfWritten(String content) throws IOException, SQLException {
        start().close();
        Files.writeString(temp.resolve("postgres/postmaster.pid"), content);
        try (EmbeddedPostgres server = start()) {
            assertThat(Sql.ask(server.access(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void refusesASecondServerOnTheFolder() throws IOException, InterruptedException {
        try (EmbeddedPostgres server = start()) {
            assertThatThrownBy(this::start).isInstanceOf(DatabaseStartException.class)
                    .hasMessage("Another server is running on the data folder " + temp + ".");
            Process child = ChildServer.start(List.of(), classPath(), temp, TestServer.PROGRAMS, 1);
            try (BufferedReader output = ChildServer.output(child)) {
                assertThat(output.lines()).anyMatch(
                        line -> line.endsWith("Another server is running on the data folder " + temp + "."));
            }
            assertThat(child.waitFor()).isNotZero();
            assertThat(server.process().isAlive()).isTrue();
        }
        start().close();
    }

    @Test
    void setsUpAfreshAfterAnInterruptedFirstStart() throws IOException, SQLException {
        Files.createDirectories(temp.resolve("postgres.new/base"));
        Files.writeString(temp.resolve("postgres.new/PG_VERSION"), "18\n");
        try (EmbeddedPostgres server = start()) {
            assertThat(Sql.ask(server.access(), "SELECT 1")).isEqualTo("1");
            assertThat(temp.resolve("postgres.new")).doesNotExist();
        }
    }

    @Test
    void removesProgramsThatAreNotItsOwn() throws IOException {
        Path programs = temp.resolve("postgres-bin");
        Path abandoned = Files.createDirectories(programs.resolve(".unpacking-1/bin"));
        Files.createDirectories(programs.resolve("0123456789abcdef0123456789abcdef/bin"));
        EmbeddedPostgres.start(temp, programs, Map.of(), new SecureRandom()).close();
        assertThat(abandoned).doesNotExist();
        try (Stream<Path> versions = Files.list(programs)) {
            assertThat(versions).hasSize(1);
        }
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws IOException {
        Path data = Files.createDirectories(temp.resolve("postgres"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");
        assertThatThrownBy(this::start).isInstanceOf(DatabaseStartException.class)
                .hasMessageMatching("The data in .*/postgres are of PostgreSQL 17, the embedded one is 18\\.\\d+\\.");
    }

    @Test
    void refusesAFolderThatHoldsSomethingElse() throws IOException {
        Path data = Files.createDirectories(temp.resolve("postgres"));
        Files.writeString(data.resolve("holiday.jpg"), "");
        assertThatThrownBy(this::start).isInstanceOf(DatabaseStartException.class)
                .hasMessage(data + " holds files, but no database.");
        assertThat(data.resolve("holiday.jpg")).exists();
    }

    @Test
    void saysThatThePasswordFileIsMissing() throws IOException {
        start().close();
        Files.delete(temp.resolve("postgres-password"));
        assertThatThrownBy(this::start).isInstanceOf(DatabaseStartException.class)
                .hasMessageStartingWith(temp.resolve("postgres-password") + " is missing");
    }

    @Test
    void saysWhyPostgresDoesNotStartAndLetsGoOfTheFolder() {
        DatabaseStartException refusal = catchThrowableOfType(DatabaseStartException.class,
                () -> start(temp, Map.of("shared_buffers", "none")));
        assertThat(refusal).hasMessageContaining("invalid value for parameter \"shared_buffers\"");
        assertThat(refusal.remedy()).contains("postgres.log");
        start().close();
    }

    @Test
    void saysThatItCannotLookIntoTheFolderOfAnotherUser() throws IOException {
        assumeTrue(new UnixSystem().getUid() != 0, "nothing is closed to root");
        Path closed = Files.createDirectory(temp.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            DatabaseStartException refusal = catchThrowableOfType(DatabaseStartException.class,
                    () -> EmbeddedPostgres.attach(closed));
            assertThat(refusal).hasMessage(closed + " cannot be read by this user.");
            assertThat(refusal.remedy()).contains("sudo -u signet");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void runsAsAnOrdinaryUser() throws IOException, InterruptedException {
        assumeTrue(new UnixSystem().getUid() == 0, "the tests run as an ordinary user, so all of them show it");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv to become an ordinary user");
        // Neither the local repository nor the temporary folder of root is open to others.
        Path home = Files.createTempDirectory("signet-user-");
        try {
            Path dataDir = Files.createDirectory(home.resolve("data"));
            String classPath = copyOfClassPath(Files.createDirectory(home.resolve("lib")));
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(home.resolve("lib"), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setAttribute(dataDir, "unix:uid", NOBODY);
            Process child = ChildServer.start(
                    List.of("/usr/bin/setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), classPath,
                    dataDir, dataDir.resolve("postgres-bin"), 3);
            try (BufferedReader output = ChildServer.output(child)) {
                assertThat(output.lines()).contains("acknowledged 3", "stopped");
            }
            assertThat(child.waitFor()).isZero();
            assertThat(Files.getAttribute(dataDir.resolve("postgres/PG_VERSION"), "unix:uid")).isEqualTo(NOBODY);
            assertThat(mode(dataDir.resolve("postgres"))).isEqualTo("rwx------");
        } finally {
            PrivateFiles.deleteFolder(home);
        }
    }

    private EmbeddedPostgres start() {
        return start(temp, Map.of());
    }

    private static EmbeddedPostgres start(Path dataDir, Map<String, String> settings) {
        return EmbeddedPostgres.start(dataDir, TestServer.PROGRAMS, settings, new SecureRandom());
    }

    // One that ended may stay listed until somebody asks after it; it has no program any more.
    private static boolean runsPostgres(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static String copyOfClassPath(Path folder) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (!Files.exists(source)) {
                continue;
            }
            Path target = folder.resolve(copies.size() + "-" + source.getFileName());
            copy(source, target);
            copies.add(target.toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Path copy = Files.copy(path, target.resolve(source.relativize(path).toString()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }
}
