package im.signet.client;

import im.signet.client.transport.RequestListener;

import java.security.SecureRandom;
import java.util.Objects;

/** How an {@link IdentityServer} is used. Immutable: every {@code with} returns a changed copy. */
public final class ClientOptions {
    /** How many addresses one request asks for at most: what answers fit into the limits of every reader. */
    public static final int MAX_BATCH_SIZE = 1000;

    private static final ClientOptions DEFAULTS = new ClientOptions(
            RequestListener.silent(), new SecureRandom(), MAX_BATCH_SIZE, false);

    private final RequestListener listener;
    private final SecureRandom random;
    private final int batchSize;
    private final boolean loopbackHttpAllowed;

    private ClientOptions(RequestListener listener, SecureRandom random, int batchSize, boolean loopbackHttpAllowed) {
        this.listener = Objects.requireNonNull(listener);
        this.random = Objects.requireNonNull(random);
        this.batchSize = batchSize;
        this.loopbackHttpAllowed = loopbackHttpAllowed;
    }

    /** Returns the defaults: a silent listener, the platform's randomness, 1000 addresses a request, https only. */
    public static ClientOptions defaults() {
        return DEFAULTS;
    }

    /** Returns these options with the listener that sees, and may veto, each request. */
    public ClientOptions withListener(RequestListener newListener) {
        return new ClientOptions(newListener, random, batchSize, loopbackHttpAllowed);
    }

    /** Returns these options with the source of client secrets. */
    public ClientOptions withRandom(SecureRandom newRandom) {
        return new ClientOptions(listener, newRandom, batchSize, loopbackHttpAllowed);
    }

    /** Returns these options with so many addresses a request, from 1 to {@link #MAX_BATCH_SIZE}. */
    public ClientOptions withBatchSize(int addresses) {
        if (addresses < 1 || addresses > MAX_BATCH_SIZE) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_BATCH_SIZE + " addresses");
        }
        return new ClientOptions(listener, random, addresses, loopbackHttpAllowed);
    }

    /** Returns these options with plain http allowed to this very machine, for demonstrations and tests. */
    public ClientOptions allowingLoopbackHttp() {
        return new ClientOptions(listener, random, batchSize, true);
    }

    RequestListener listener() {
        return listener;
    }

    SecureRandom random() {
        return random;
    }

    int batchSize() {
        return batchSize;
    }

    boolean isLoopbackHttpAllowed() {
        return loopbackHttpAllowed;
    }
}
