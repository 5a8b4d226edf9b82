package im.signet.standalone.doctor;

import im.signet.standalone.config.Service;
import im.signet.standalone.config.SettingsSources;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ExaminationTest {

    private static final Patient NOBODY = new Patient(SettingsSources.read(List.of()),
            Service.Served.of("all").orElseThrow(), Optional.empty(), List.of(), Clock.systemUTC(), new SecureRandom());

    private static final FileAttribute<?> OWNER_FOLDER = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNER_FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    @TempDir
    Path temp;

    private interface Looking {
        List<Diagnosis> look() throws Exception;
    }

    private static Check check(String what, Looking looking) {
        return new Check() {

            @Override
            public String what() {
                return what;
            }

            @Override
            public List<Diagnosis> look(Patient patient) throws Exception {
                return looking.look();
            }
        };
    }

    @Test
    void whatBreaksOrHangsHidesNothingElse() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        List<Diagnosis> found = Examination.of(NOBODY, List.of(check("broken", () -> {
            throw new IOException("with a secret: geheim");
        }), check("hanging", () -> {
            never.await();
            return List.of();
        }), check("well", () -> List.of(Diagnosis.ok("well", "all is well.")))), Duration.ofSeconds(2));
        assertThat(found).extracting(Diagnosis::toString)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("FAIL  broken: this could not be looked at")
                                .doesNotContain("geheim"),
                        line -> assertThat(line).startsWith("FAIL  hanging: this took too long"),
                        line -> assertThat(line).isEqualTo("ok    well: all is well."));
    }

    @Test
    void judgesTheRoomThatIsLeft() {
        DiskCheck disk = new DiskCheck();
        assertThat(disk.of(Path.of("/x"), 5L << 30).level()).isEqualTo(Diagnosis.Level.OK);
        assertThat(disk.of(Path.of("/x"), 500L << 20).level()).isEqualTo(Diagnosis.Level.WARN);
        assertThat(disk.of(Path.of("/x"), 50L << 20).level()).isEqualTo(Diagnosis.Level.FAIL);
    }

    private Patient withData(String... settings) {
        List<String> arguments = new ArrayList<>(List.of("--signet.data-dir=" + temp));
        arguments.addAll(List.of(settings));
        return new Patient(SettingsSources.read(arguments), Service.Served.of("all").orElseThrow(), Optional.empty(),
                List.of(), Clock.systemUTC(), new SecureRandom());
    }

    @Test
    void looksAtTheDiskOfTheJournalToo() throws IOException {
        assertThat(new DiskCheck().look(withData())).hasSize(1);
        Path other = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(other) && !Files.getFileStore(other).equals(Files.getFileStore(temp)));
        assertThat(new DiskCheck().look(withData("--signet.journal.folder=" + other + "/signet/journal")))
                .satisfiesExactly(data -> assertThat(data.words()).contains(temp.toString()),
                        journal -> assertThat(journal.words()).contains("free for " + other));
    }

    @Test
    void findsAJournalThatTheServerCannotWrite() throws IOException {
        Path keys = Files.createDirectory(temp.resolve("keys"), OWNER_FOLDER);
        Path journal = Files.createDirectory(temp.resolve("journal"), OWNER_FOLDER);
        Path file = Files.createFile(journal.resolve("2026-11.journal"), OWNER_FILE);
        assertThat(new FilesCheck().look(withData())).extracting(Diagnosis::level)
                .containsExactly(Diagnosis.Level.OK);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(new FilesCheck().look(withData())).singleElement()
                .satisfies(open -> assertThat(open.words()).startsWith(file + " has the modes rw-r--r--"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assumeTrue(Files.getAttribute(temp, "unix:uid").equals(0), "only root can give files away");
        for (Path each : List.of(temp, keys, journal)) {
            Files.setAttribute(each, "unix:uid", 65534);
        }
        assertThat(new FilesCheck().look(withData())).singleElement().satisfies(roots -> {
            assertThat(roots.level()).isEqualTo(Diagnosis.Level.FAIL);
            assertThat(roots.words()).startsWith(file + " is root's");
            assertThat(roots.mend()).startsWith("Run: chown ").endsWith(" " + file);
        });
    }

    @Test
    void judgesForWhomARequestWasCounted() {
        ProxyCheck proxy = new ProxyCheck();
        InetAddress spoofed = InetAddress.ofLiteral("203.0.113.7");
        InetAddress own = InetAddress.ofLiteral("192.0.2.1");
        InetAddress front = InetAddress.ofLiteral("127.0.0.1");
        assertThat(proxy.of(List.of(spoofed), spoofed, own, false).words()).contains("made up is believed");
        assertThat(proxy.of(List.of(own), spoofed, own, false).words()).contains("by their own addresses");
        assertThat(proxy.of(List.of(front), spoofed, own, true)).satisfies(wrong -> {
            assertThat(wrong.words()).contains("all people are counted as the reverse proxy 127.0.0.1");
            assertThat(wrong.mend()).contains("signet.trusted-proxies");
        });
        assertThat(proxy.of(List.of(front), spoofed, front, true).words()).contains("only from another machine");
        assertThat(proxy.of(List.of(), spoofed, own, false).level()).isEqualTo(Diagnosis.Level.WARN);
    }

    @Test
    void comparesWhatAHomeserverTellsClients() {
        HomeserverCheck homeserver = new HomeserverCheck();
        String own = "https://id.example.org";
        assertThat(homeserver.of("x.org", Optional.of(own + "/"), own).level()).isEqualTo(Diagnosis.Level.OK);
        assertThat(homeserver.of("x.org", Optional.of("https://vector.im"), own).words())
                .contains("another identity server, https://vector.im");
        assertThat(homeserver.of("x.org", Optional.empty(), own).mend()).contains("\"base_url\": \"" + own + "\"");
    }
}
