package im.signet.client;

import im.signet.client.transport.PlannedRequest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A call of this library that runs on an executor of the application's, for whoever must not wait:
 *
 * <pre>{@code
 * PendingCall<Lookup> friends = PendingCall.on(executor, () -> discovery.lookup(book));
 * }</pre>
 *
 * It completes with the outcome that the call returns. Once it is cancelled, or completed by somebody else, as by a time
 * limit, no further request leaves, but one that gives back the token of a session which nobody is going to get. What has
 * left has left: {@link #sent} tells what, {@link #ended} what became of it. The thread is not interrupted. The listener is
 * called on the thread of the executor.
 *
 * @param <T> the outcome
 */
public final class PendingCall<T> extends CompletableFuture<T> {
    private static final ThreadLocal<@Nullable PendingCall<?>> RUNNING = new ThreadLocal<>();

    private final CompletableFuture<Optional<T>> end = new CompletableFuture<>();
    private final List<PlannedRequest> sent = new ArrayList<>();
    private boolean isTidyingUp;

    private PendingCall() {}

    /**
     * Gives {@code call} to {@code executor} and returns it. The call may be several calls of this library in a row; they are
     * to be made on the thread on which it runs. An exception of the executor reaches the caller.
     */
    public static <T> PendingCall<T> on(Executor executor, Supplier<T> call) {
        PendingCall<T> pending = new PendingCall<>();
        executor.execute(() -> pending.run(call));
        return pending;
    }

    /**
     * Returns the requests that were handed to the transport so far, in their order; whether each arrived is not known. Once
     * the call is cancelled this list is final, but for the request that gives a token back.
     */
    public List<PlannedRequest> sent() {
        synchronized (sent) {
            return Collections.unmodifiableList(new ArrayList<>(sent));
        }
    }

    /**
     * Returns a stage that completes when nothing runs any more, cancelled or not: with what the call came to, as with
     * {@link Lookup.Interrupted} for an address book of which a part was looked up, or with nothing when it never began.
     */
    public CompletionStage<Optional<T>> ended() {
        return end.thenApply(outcome -> outcome);
    }

    /** Returns whether the call that runs on this thread, if one does, shall send nothing more. */
    static boolean isStoppedHere() {
        PendingCall<?> running = RUNNING.get();
        return running != null && running.isStopped();
    }

    /** Returns whether {@code request} may leave from this thread, and remembers that it did. */
    static boolean letsPass(PlannedRequest request) {
        PendingCall<?> running = RUNNING.get();
        return running == null || running.remembers(request);
    }

    /** Does what is to be done even when the call that runs on this thread was cancelled. */
    static void tidyUp(Runnable work) {
        PendingCall<?> running = RUNNING.get();
        if (running == null) {
            work.run();
            return;
        }
        running.isTidyingUp = true;
        try {
            work.run();
        } finally {
            running.isTidyingUp = false;
        }
    }

    private boolean isStopped() {
        return isDone() && !isTidyingUp;
    }

    /** Looks and remembers under one lock, so that nothing leaves unseen by who cancels first and then asks what was sent. */
    private boolean remembers(PlannedRequest request) {
        synchronized (sent) {
            if (isStopped()) {
                return false;
            }
            sent.add(request);
            return true;
        }
    }

    private void run(Supplier<T> call) {
        if (isDone()) {
            end.complete(Optional.empty());
            return;
        }
        PendingCall<?> outer = RUNNING.get();
        RUNNING.set(this);
        try {
            T outcome = call.get();
            end.complete(Optional.of(outcome));
            complete(outcome);
        } catch (Throwable e) {
            end.completeExceptionally(e);
            completeExceptionally(e);
        } finally {
            if (outer == null) {
                RUNNING.remove();
            } else {
                RUNNING.set(outer);
            }
        }
    }
}
