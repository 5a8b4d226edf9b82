package im.signet.standalone.observe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Asks something that may hang, such as a database, and answers in time all the same. However often it is asked, no more
 * than one question is under way. Safe to use from many threads.
 */
final class Attempt<T> {

    private final String name;
    private final Duration limit;
    private final Supplier<T> question;
    private @Nullable Running<T> running;

    /** Asks nothing yet; {@code name} is that of the thread that will ask. */
    Attempt(String name, Duration limit, Supplier<T> question) {
        this.name = name;
        this.limit = limit;
        this.question = question;
    }

    private record Running<T>(CompletableFuture<T> answer, long since) {}

    /** Returns the answer; empty when it failed, or did not come within the limit since it was first asked for. */
    Optional<T> answer() {
        Running<T> asked = ask();
        long left = limit.toNanos() - (System.nanoTime() - asked.since());
        try {
            return Optional.of(asked.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException none) {
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized Running<T> ask() {
        Running<T> known = running;
        if (known != null && !known.answer().isDone()) {
            return known;
        }
        Running<T> started = new Running<>(new CompletableFuture<>(), System.nanoTime());
        running = started;
        Thread.ofVirtual().name(name).start(() -> {
            try {
                started.answer().complete(question.get());
            } catch (Throwable failed) {
                started.answer().completeExceptionally(failed);
            }
        });
        return started;
    }
}
