package im.signet.bench.place;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own under a supervisor that starts it again whenever it ends, and under the eye of
 * somebody who asks all the time whether it is ready. Safe for use by several threads.
 */
public final class Server implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final List<String> command;
    private final Path folder;
    private final URI baseUrl;
    private final HttpRequest readiness;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final List<Thread> threads;
    private final List<Duration> recoveries = new CopyOnWriteArrayList<>();

    private final Object state = new Object();
    private @Nullable Process process;
    private boolean closing;
    private boolean ready;
    // Since when nothing but itself keeps it from being ready; 0 when it is.
    private long startingSince;
    private int starts;

    private Server(String name, List<String> command, Path folder, URI baseUrl, URI readiness) {
        this.name = name;
        this.command = command;
        this.folder = folder;
        this.baseUrl = baseUrl;
        this.readiness = HttpRequest.newBuilder(readiness).timeout(PATIENCE).build();
        this.threads = List.of(Thread.ofPlatform().daemon().name("supervisor-" + name).unstarted(this::supervise),
                Thread.ofPlatform().daemon().name("watch-" + name).unstarted(this::watch));
    }

    /**
     * Starts it and returns at once.
     *
     * @param command what starts it; it runs in the folder and writes {@code NAME.log} there
     * @param readiness answered with 200 when it is ready
     */
    static Server start(String name, List<String> command, Path folder, URI baseUrl, URI readiness) {
        Server server = new Server(name, command, folder, baseUrl, readiness);
        server.threads.forEach(Thread::start);
        return server;
    }

    /** Returns what people call it. */
    public String name() {
        return name;
    }

    /** Returns where it answers. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** Returns the file that it logs to. */
    public Path log() {
        return folder.resolve(name + ".log");
    }

    /** Returns how long it took, each time that it had to become ready, until it was. */
    public List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    /** Returns how often it was started. */
    public int starts() {
        synchronized (state) {
            return starts;
        }
    }

    /** Waits until it is ready; returns false when it is not within that time. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < patience.toNanos()) {
            synchronized (state) {
                if (ready && process != null && process.isAlive()) {
                    return true;
                }
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    /** Ends the process as SIGKILL does; the supervisor starts another. */
    public void kill() {
        Process current = current();
        if (current != null) {
            current.destroyForcibly();
            awaitEnd(current);
        }
    }

    /** Has the process end in good order, and waits until it has; the supervisor starts another. */
    public void terminate() {
        Process current = current();
        if (current != null) {
            current.destroy();
            awaitEnd(current);
        }
    }

    /** Keeps the process from running. */
    public void pause() {
        Process current = current();
        if (current != null) {
            Signal.STOP.send(List.of(current.pid()));
        }
    }

    /** Has the process run again. */
    public void resume() {
        Process current = current();
        if (current != null) {
            Signal.CONT.send(List.of(current.pid()));
            startsAnew();
        }
    }

    /** From now on nothing but itself keeps it from being ready. */
    void startsAnew() {
        synchronized (state) {
            ready = false;
            startingSince = System.nanoTime();
        }
    }

    private void awaitEnd(Process ending) {
        try {
            ending.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Process current() {
        synchronized (state) {
            return process;
        }
    }

    private void supervise() {
        try {
            while (true) {
                Process started;
                synchronized (state) {
                    if (closing) {
                        return;
                    }
                    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
                    // It lives for seconds, beside another: what compiles fast beats what compiles well.
                    builder.environment().put("SIGNET_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
                    started = builder.start();
                    process = started;
                    starts++;
                    startsAnew();
                }
                started.waitFor();
                // One that cannot start is not to keep the machine busy.
                Thread.sleep(POLL);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the server cannot be started", e);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (true) {
                long asked = System.nanoTime();
                boolean answers = answers();
                synchronized (state) {
                    if (closing) {
                        return;
                    }
                    if (!answers) {
                        ready = false;
                    } else if (startingSince == 0) {
                        ready = true;
                    } else if (asked - startingSince >= 0) {
                        recoveries.add(Duration.ofNanos(System.nanoTime() - startingSince));
                        startingSince = 0;
                        ready = true;
                    }
                }
                Thread.sleep(POLL);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            return http.send(readiness, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        Process last;
        synchronized (state) {
            closing = true;
            last = process;
        }
        if (last != null) {
            Signal.CONT.send(List.of(last.pid()));
            last.destroyForcibly();
            awaitEnd(last);
        }
        threads.forEach(Thread::interrupt);
        http.shutdownNow();
    }
}
