package im.signet.standalone.install;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A run of the server on data of its own, in which the Java runtime learns what a start needs, and writes it into
 * {@code signet.aot} (JEP 483, 514, 515): later starts take from there classes that are parsed and linked.
 */
final class Training {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What a client does first; the answers do not matter. */
    private static final List<String> PATHS = List.of("/_matrix/identity/versions", "/_matrix/identity/v2/terms",
            "/_matrix/identity/v2/account", "/_matrix/identity/v2/hash_details", "/_signet/terms",
            "/.well-known/signet",
            "/_matrix/identity/v2/pubkey/isvalid?public_key=x");

    private Training() {}

    /** Writes the cache of a release; returns why it could not, and leaves none then. */
    static Optional<String> of(Path release, StartFlags start) throws IOException {
        Path cache = release.resolve("signet.aot");
        Path folder = Files.createDirectories(release.resolve("training"));
        Path log = folder.resolve("training.log");
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(Installation.java()));
        command.addAll(start.all());
        command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-jar", release.resolve("server/signet.jar").toString(),
                "serve", "--server.address=127.0.0.1", "--server.port=" + port,
                "--signet.server-name=id.example.org", "--signet.public-url=https://id.example.org",
                "--signet.names.domains=example.org", "--signet.data-dir=" + folder.resolve("data")));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        // The operator's settings are for their server, whose database this one must not touch.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SIGNET_") || name.startsWith("SPRING_")
                        || name.startsWith("SERVER_") || name.startsWith("MANAGEMENT_") || name.startsWith("LOGGING_"));
        Process server = builder.start();
        try {
            boolean answered = use(server, URI.create("http://127.0.0.1:" + port));
            server.destroy();
            boolean ended = server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answered && ended && Files.isRegularFile(cache)) {
                return Optional.empty();
            }
            Files.deleteIfExists(cache);
            return Optional.of(answered
                    ? "the Java runtime wrote no cache"
                    : "the server did not start: "
                            + lastLine(log));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            server.destroyForcibly();
            Installation.delete(folder);
        }
    }

    private static boolean use(Process server, URI base) throws InterruptedException {
        long begin = System.nanoTime();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            while (status(client, base.resolve("/_matrix/identity/v2")) != 200) {
                if (!server.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                    return false;
                }
                Thread.sleep(PAUSE);
            }
            for (String path : PATHS) {
                status(client, base.resolve(path));
            }
            return true;
        }
    }

    private static int status(HttpClient client, URI url) throws InterruptedException {
        try {
            return client.send(HttpRequest.newBuilder(url).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns the last line that is the server's: the Java runtime remarks after it what becomes of the cache. */
    private static String lastLine(Path log) throws IOException {
        return Files.readAllLines(log)
                .stream()
                .takeWhile(line -> !line.startsWith("Temporary AOTConfiguration"))
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .orElse("");
    }
}
