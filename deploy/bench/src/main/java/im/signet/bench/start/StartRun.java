package im.signet.bench.start;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Starts a server again and again on a database that exists, in turn as the jar is and as {@code install} lays it out, so that
 * both meet the same machine; and says what it holds of the memory when nobody asks for anything.
 */
public final class StartRun {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final byte[] PING = """
            GET /_matrix/identity/v2 HTTP/1.1\r
            Host: 127.0.0.1\r
            Connection: close\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);

    private final Path folder;
    private final Duration idle;
    private final PrintWriter out;
    private final int port = freePort();

    /**
     * @param folder empty, for the server and its data
     * @param idle   how long nobody asks before the memory is looked at
     */
    public StartRun(Path folder, Duration idle, PrintWriter out) {
        this.folder = folder;
        this.idle = idle;
        this.out = out;
    }

    /** One start. */
    private record Start(Duration took, OptionalLong residentKilobytes) {}

    /**
     * Runs all rounds.
     *
     * @throws IOException when a server cannot be installed or does not start; its log is in the folder
     */
    public void run(Path jar, int rounds) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> packed = List.of(java, "-jar", jar.toAbsolutePath().toString());
        Path home = folder.resolve("server");
        out.println("Installing, and setting the database up ...");
        installed(packed, home);
        List<String> script = List.of(home.resolve("bin").resolve("signet").toString());
        start(script, Duration.ZERO);
        List<Duration> asJar = new ArrayList<>();
        List<Duration> asInstalled = new ArrayList<>();
        OptionalLong resident = OptionalLong.empty();
        for (int round = 1; round <= rounds; round++) {
            asJar.add(start(packed, Duration.ZERO).took());
            Start last = start(script, round == rounds ? idle : Duration.ZERO);
            asInstalled.add(last.took());
            resident = last.residentKilobytes();
            out.printf("round %2d   signet.jar %6d ms   installed %6d ms%n", round, asJar.getLast().toMillis(),
                    asInstalled.getLast().toMillis());
        }
        long ofJar = median(asJar).toMillis();
        long ofInstalled = median(asInstalled).toMillis();
        out.printf("median     signet.jar %6d ms   installed %6d ms   ratio %.2f%n", ofJar, ofInstalled,
                (double) ofInstalled / ofJar);
        resident.ifPresentOrElse(
                kilobytes -> out.printf(
                        "resident, installed, after %d s without a request: %d MB, without PostgreSQL%n",
                        idle.toSeconds(), kilobytes / 1024),
                () -> out.println("resident: this system does not tell it in /proc"));
    }

    private void installed(List<String> packed, Path home) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(packed);
        command.addAll(List.of("install", home.toString()));
        Process install = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(folder.resolve("install.log").toFile())
                .start();
        try {
            if (!install.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || install.exitValue() != 0) {
                throw new IOException("the server cannot be installed; see " + folder.resolve("install.log"));
            }
        } finally {
            install.destroyForcibly();
        }
    }

    private Start start(List<String> signet, Duration wait) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(signet);
        command.addAll(List.of("serve", "--server.address=127.0.0.1", "--server.port=" + port,
                "--signet.server-name=id.example.org", "--signet.public-url=https://id.example.org",
                "--signet.data-dir=" + folder.resolve("data")));
        long begin = System.nanoTime();
        Process server = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
                .start();
        Thread end = new Thread(server::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        try {
            while (!answers()) {
                if (!server.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IOException("the server does not start; see " + folder.resolve("server.log"));
                }
                Thread.sleep(POLL);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            Thread.sleep(wait);
            return new Start(took, resident(server.pid()));
        } finally {
            server.destroy();
            if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    // By hand: a client that tries again and again takes from the processors what the start needs.
    private boolean answers() {
        try (Socket server = new Socket()) {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            server.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            server.getOutputStream().write(PING);
            String status = new BufferedReader(
                    new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            return status != null && status.startsWith("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static OptionalLong resident(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        if (!Files.isReadable(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status)
                .stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst();
    }

    private static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }
}
