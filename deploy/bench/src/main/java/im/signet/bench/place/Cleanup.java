package im.signet.bench.place;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/** What is to be put away when the process ends, however it does, the last first. Safe for use by several threads. */
public final class Cleanup {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private volatile boolean over;

    private Cleanup() {}

    /** Returns one that begins when this process is told to end; also by a terminal's Ctrl-C. */
    public static Cleanup atExit() {
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::run));
        return cleanup;
    }

    /** Returns whether the process is ending, so that what does not answer any more says nothing. */
    public boolean hasBegun() {
        return over;
    }

    /** Has this be done. */
    public synchronized void add(Runnable task) {
        tasks.push(task);
    }

    /** Opens something that is closed then; while it is being opened, the end waits. */
    public synchronized <T extends AutoCloseable> T open(Callable<T> opening) throws Exception {
        if (over) {
            throw new InterruptedException("the process ends");
        }
        T opened = opening.call();
        tasks.push(() -> {
            try {
                opened.close();
            } catch (Exception failed) {
                System.err.println("signet: could not close " + opened.getClass().getSimpleName() + ": " + failed);
            }
        });
        return opened;
    }

    private void run() {
        over = true;
        putAway();
    }

    private synchronized void putAway() {
        while (!tasks.isEmpty()) {
            tasks.pop().run();
        }
    }
}
