package im.signet.standalone.install;

import im.signet.demo.walk.ServerProcess;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code install}, as an operator runs it, and what it leaves. */
class InstallIT {

    private static final Path JAR = Path.of("target", "signet.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path temp;

    private record Ended(int status, String output) {}

    private Process started(List<String> options, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true);
        builder.environment().put("SIGNET_JAVA_OPTIONS", String.join(" ", options));
        return builder.start();
    }

    private Ended run(String... command) throws IOException, InterruptedException {
        Process process = started(List.of(), command);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private Ended install(Path folder) throws IOException, InterruptedException {
        return run(Installation.java(), "-jar", JAR.toString(), "install", folder.toString());
    }

    private static List<String> releases(Path folder) throws IOException {
        try (Stream<Path> releases = Files.list(folder.resolve("releases"))) {
            return releases.filter(Files::isDirectory)
                    .map(release -> String.valueOf(release.getFileName()).substring(0, 4))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void laysOutWhatStartsFromItsCache() throws Exception {
        Path folder = temp.resolve("opt").resolve("signet");
        assertThat(install(folder)).satisfies(ended -> {
            assertThat(ended.status()).as(ended.output()).isZero();
            assertThat(ended.output()).isEqualTo("Signet is installed. Start it by: "
                    + folder.toRealPath().resolve("bin/signet") + " serve --config FILE\n");
        });
        Path script = folder.resolve("bin").resolve("signet");
        assertThat(folder.resolve("current/training")).doesNotExist();
        assertThat(run(script.toString(), "help").output()).startsWith("Usage: signet ");

        // In this mode the runtime refuses to start on a cache that it cannot use.
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(script.toString(), "serve", "--server.port=" + port,
                "--server.address=127.0.0.1", "--signet.server-name=id.example.org",
                "--signet.public-url=https://id.example.org", "--signet.data-dir=" + temp.resolve("data")));
        Process server = started(List.of("-XX:AOTMode=on"), command.toArray(String[]::new));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ping = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_matrix/identity/v2"))
                    .build();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> !server.isAlive()
                            || client.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
            assertThat(server.isAlive()).isTrue();

            // An upgrade: the server that runs goes on with the release that it was started from.
            String first = Files.readSymbolicLink(folder.resolve("current")).toString();
            assertThat(install(folder).status()).isZero();
            assertThat(Files.readSymbolicLink(folder.resolve("current"))).isNotEqualTo(Path.of(first));
            assertThat(releases(folder)).containsExactly("0001", "0002");
            assertThat(client.send(HttpRequest.newBuilder(ping.uri().resolve("/_signet/terms")).build(),
                    HttpResponse.BodyHandlers.ofString()).body()).contains("<html");
        } finally {
            server.destroy();
            assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(install(folder).status()).isZero();
        assertThat(releases(folder)).as("the one before is kept, and none else").containsExactly("0002", "0003");
    }

    @Test
    void leavesFoldersOfOthersAlone() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("home"));
        Path letter = Files.writeString(folder.resolve("letter.txt"), "dear");
        assertThat(install(folder)).satisfies(ended -> {
            assertThat(ended.status()).isEqualTo(69);
            assertThat(ended.output()).contains(folder + " holds something else").hasLineCount(1);
        });
        assertThat(folder).isDirectoryContaining(letter::equals);
        assertThat(install(letter).status()).isEqualTo(69);
        assertThat(run(Installation.java(), "-jar", JAR.toString(), "install").status()).isEqualTo(64);
    }
}
