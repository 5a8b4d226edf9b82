package im.signet.standalone.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What becomes of releases; that a real one starts is for {@link InstallIT}. */
class InstallationTest {

    private static final StartFlags FLAGS = new StartFlags(List.of("-XX:+UseSerialGC"));

    @TempDir
    Path temp;

    private Installation install(String version) throws Exception {
        Path jars = Files.createDirectories(temp.resolve(version));
        return Installation.of(InertServer.jar(jars.resolve("signet.jar"), version, false), home(), FLAGS);
    }

    private Path home() {
        return temp.resolve("home");
    }

    private void failToInstall(String version) throws IOException {
        Path jars = Files.createDirectories(temp.resolve(version));
        Path jar = InertServer.jar(jars.resolve("signet.jar"), version, true);
        assertThatThrownBy(() -> Installation.of(jar, home(), FLAGS)).isInstanceOf(NotInstalledException.class)
                .hasMessageContaining("the disk is full");
    }

    private List<String> releases() throws IOException {
        try (Stream<Path> releases = Files.list(home().resolve("releases"))) {
            return releases.filter(Files::isDirectory)
                    .map(release -> String.valueOf(release.getFileName()).substring(0, 4))
                    .sorted()
                    .toList();
        }
    }

    private Path current() throws IOException {
        return home().resolve("current").toRealPath();
    }

    @Test
    void keepsWhatWasCurrentHoweverOftenTheNextOneFails() throws Exception {
        install("1");
        Path first = current();
        for (int attempt = 0; attempt < 2; attempt++) {
            failToInstall("2");
            assertThat(current()).isEqualTo(first);
            assertThat(releases()).as("nothing of it is left").containsExactly("0001");
        }
        Installation second = install("2");
        assertThat(current()).isEqualTo(second.jar().resolve("../..").normalize());
        assertThat(releases()).containsExactly("0001", "0002");
        install("3");
        assertThat(releases()).containsExactly("0002", "0003");
        assertThat(home().resolve("bin/signet").toRealPath()).isEqualTo(current().resolve("bin/signet"));
        assertThat(current().resolve(".unfinished")).doesNotExist();
    }

    @Test
    void saysWhatTheServerSaidThatCouldNotBeTrained() throws Exception {
        Installation installed = install("1");
        assertThat(installed.isPrepared()).isFalse();
        assertThat(installed.trouble()).isEqualTo("the server did not start: there is no room for a database");
    }

    @Test
    void deletesWhatAKilledOneLeft() throws Exception {
        install("1");
        Path killed = home().resolve("releases/0002-00ff");
        Files.createDirectories(killed.resolve("bin"));
        Files.writeString(killed.resolve("bin/signet"), "#!/bin/sh");
        Files.createFile(killed.resolve(".unfinished"));
        Files.createDirectories(home().resolve("releases/0003-00ff/server"));
        // Killed when the link was made and not named yet.
        Files.createSymbolicLink(home().resolve("current.new"), Path.of("releases/0003-00ff"));
        install("2");
        assertThat(releases()).containsExactly("0001", "0004");
        try (Stream<Path> entries = Files.list(home())) {
            assertThat(entries.map(home()::relativize).map(Path::toString))
                    .containsExactlyInAnyOrder("bin", "current", "releases");
        }
    }

    @Test
    void keepsWhatAServerRunsFromForAsLongAsItDoes() throws Exception {
        Installation first = install("1");
        Process server = new ProcessBuilder(Installation.java(), "-jar", first.jar().toString(), "wait").inheritIO()
                .start();
        try {
            install("2");
            install("3");
            install("4");
            assertThat(releases()).containsExactly("0001", "0003", "0004");
        } finally {
            server.destroyForcibly().waitFor();
        }
        install("5");
        assertThat(releases()).containsExactly("0004", "0005");
    }

    @Test
    void onlyOneInstallsAtATime() throws Exception {
        install("1");
        try (FileChannel channel = FileChannel.open(home().resolve("releases/lock"), StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            assertThatThrownBy(() -> install("2")).isInstanceOf(NotInstalledException.class)
                    .hasMessageContaining("another command installs");
        }
        install("2");
        assertThat(releases()).containsExactly("0001", "0002");
    }
}
