package im.signet.kit.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the server process of one data folder. Whoever uses it holds the {@link FolderLock}.
 *
 * @param data
 *            the data folder of PostgreSQL
 * @param logFile
 *            where the process writes its log; it exists
 * @param settings
 *            settings given on the command line, where neither `postgresql.conf` nor `ALTER SYSTEM` can undo them
 */
record PostgresServer(Path data, Path logFile, PostgresBinaries binaries, Map<String, String> settings) {
    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int POLLS_PER_NOTICE = 500;
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(10);

    /** Starts the process on that port and returns at once; it may still end when it finds the port taken. */
    Process spawn(int port) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-c", "port=" + port));
        settings.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        return binaries.command("postgres", arguments.toArray(String[]::new))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
    }

    /**
     * Returns true once the process accepts connections, false when it ended. There is no limit: after a crash it first
     * repeats what its write-ahead log holds, which takes as long as it takes.
     */
    boolean awaitReady(Process process) throws IOException, InterruptedException {
        long logStart = Files.size(logFile);
        for (int polls = 1; !process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS); polls++) {
            Optional<PostmasterFile> file = PostmasterFile.read(data);
            if (file.isPresent() && file.get().ready() && file.get().pid() == process.pid()) {
                return true;
            }
            if (polls % POLLS_PER_NOTICE == 0) {
                log.info("Still waiting for the embedded PostgreSQL: {}", whatItSaid(logStart));
            }
        }
        return false;
    }

    /** Returns why the process gave up, as far as its log tells from that place on; for humans. */
    String whatItSaid(long logStart) {
        try (FileChannel channel = FileChannel.open(logFile);
                InputStream tail = Channels.newInputStream(channel.position(logStart))) {
            List<String> lines = new String(tail.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.stream()
                    .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "it says nothing" : lines.getLast());
        } catch (IOException ignored) {
            return "its log cannot be read";
        }
    }

    /** Stops a process that we started: fast and cleanly, or if need be by force. Not disturbed by an interrupt. */
    void stop(Process process) {
        boolean interrupted = Thread.interrupted();
        try {
            stop(process.toHandle(), () -> !process.isAlive());
        } catch (InterruptedException ignored) {
            interrupted = true;
            process.destroyForcibly();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Clears the folder of a server that an earlier run left behind, running or dead. */
    void stopLeftover() throws IOException, InterruptedException {
        Optional<ProcessHandle> leftover = PostmasterFile.read(data).flatMap(file -> file.process(data));
        if (leftover.isPresent()) {
            ProcessHandle orphan = leftover.get();
            log.warn("Stopping the embedded PostgreSQL (process {}) that an earlier run left behind", orphan.pid());
            // Without a parent that asks after it, an ended orphan may stay listed: its file goes in any case.
            stop(orphan, () -> !orphan.isAlive() || !Files.exists(PostmasterFile.in(data)));
        }
        // As long as any process of ours has the number in this file, PostgreSQL would refuse to start. That process is
        // no PostgreSQL, as was just seen; sessions that outlived a killed server are found by their shared memory.
        Files.deleteIfExists(PostmasterFile.in(data));
    }

    private void stop(ProcessHandle process, BooleanSupplier ended) throws InterruptedException {
        signal("INT", process);
        if (await(ended, FAST_STOP_LIMIT)) {
            return;
        }
        log.warn("The embedded PostgreSQL takes too long to stop: ending it at once, it recovers at the next start");
        signal("QUIT", process);
        if (!await(ended, IMMEDIATE_STOP_LIMIT)) {
            process.destroyForcibly();
            await(ended, IMMEDIATE_STOP_LIMIT);
        }
    }

    // Java can send TERM and KILL only: TERM waits until every session ends by itself, KILL leaves sessions behind.
    private void signal(String name, ProcessHandle process) {
        try {
            binaries.run("pg_ctl", "kill", name, Long.toString(process.pid()));
        } catch (IOException e) {
            if (process.isAlive()) {
                log.warn("The embedded PostgreSQL could not be signalled: {}", e.toString());
            }
        }
    }

    private static boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        for (long polls = limit.dividedBy(POLL); polls > 0; polls--) {
            if (condition.getAsBoolean()) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return condition.getAsBoolean();
    }
}
