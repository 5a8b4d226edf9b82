package im.signet.demo.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.TimeUnit;

/** The standalone server in a process of its own: `java -jar signet.jar serve --config FILE`. */
public final class ServerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 200;

    private final Process process;
    private final URI baseUrl;
    private final Path log;

    /**
     * What a process serves.
     *
     * @param words the words after `serve`
     * @param ready a path that is answered with 200 once it is up
     */
    private record Serving(List<String> words, String ready) {}

    private ServerProcess(Process process, URI baseUrl, Path log) {
        this.process = process;
        this.baseUrl = baseUrl;
        this.log = log;
    }

    /** Returns a port on loopback that nobody uses at this moment. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    /**
     * Starts the server with all services and waits until it answers.
     *
     * @param jar    `signet.jar`
     * @param config its configuration file; the server runs in that file's folder and writes `server.log` there
     * @param port   the port that the configuration names
     * @throws IllegalStateException with the end of its log, when it stops or does not answer within two minutes
     */
    public static ServerProcess start(Path jar, Path config, int port) {
        return start(jar, new Serving(List.of(), "/_matrix/identity/v2"), config, port);
    }

    /** Starts the terms-service alone, otherwise as {@link #start}. */
    public static ServerProcess startTerms(Path jar, Path config, int port) {
        return start(jar, new Serving(List.of("terms"), "/_matrix/identity/v2/terms"), config, port);
    }

    /** Starts the identity-server alone, otherwise as {@link #start}. */
    public static ServerProcess startIdentity(Path jar, Path config, int port) {
        return start(jar, new Serving(List.of("identity"), "/_matrix/identity/v2"), config, port);
    }

    /** Starts the nameserver alone, otherwise as {@link #start}; it must have a domain. */
    public static ServerProcess startNames(Path jar, Path config, int port) {
        return start(jar, new Serving(List.of("names"), "/.well-known/signet"), config, port);
    }

    private static ServerProcess start(Path jar, Serving serving, Path config, int port) {
        Path folder = config.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("the configuration lies in no folder");
        }
        Path log = folder.resolve("server.log");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            // It serves a few people for a short time: it is to be there soon.
            List<String> command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            Path cache = jar.toAbsolutePath().resolve("../../signet.aot").normalize();
            if (Files.isRegularFile(cache)) { // it lies where `install` put it
                command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=warning:stderr"));
            }
            command.addAll(List.of("-jar", jar.toAbsolutePath().toString(), "serve"));
            command.addAll(serving.words());
            command.addAll(List.of("--config", config.toAbsolutePath().toString()));
            Process process = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            ServerProcess server = new ServerProcess(process, URI.create("http://localhost:" + port), log);
            server.awaitReady(serving.ready());
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("the server could not be started", e);
        }
    }

    private void awaitReady(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ping = HttpRequest.newBuilder(baseUrl.resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            long start = System.nanoTime();
            while (process.isAlive() && System.nanoTime() - start < PATIENCE.toNanos()) {
                try {
                    if (client.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    // it still starts
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String end = endOfLog();
        stop();
        throw new IllegalStateException("the server did not come up; its log ends with:\n" + end);
    }

    /** Returns where it answers. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** Returns the file that it logs to. */
    public Path log() {
        return log;
    }

    /** Returns the process id. */
    public long pid() {
        return process.pid();
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "(it has no log)";
        }
    }

    /** Ends the process as SIGKILL does: it has no time to put anything in order. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** Stops the server in good order, and its database with it. Does nothing to one that has ended. */
    public void stop() {
        process.destroy();
        await();
    }

    @Override
    public void close() {
        stop();
    }

    private void await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
