package im.signet.client;

import im.signet.client.transport.RequestListener;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** How an {@link IdentityServer} and a {@link HandleDirectory} are used. Immutable: every {@code with} returns a changed copy. */
public final class ClientOptions {
    /** How many addresses one request asks for at most: what answers fit into the limits of every reader. */
    public static final int MAX_BATCH_SIZE = 1000;

    private static final ClientOptions DEFAULTS = new ClientOptions(
            RequestListener.silent(), new SecureRandom(), Clock.systemUTC(), MAX_BATCH_SIZE, false, Set.of());

    private final RequestListener listener;
    private final SecureRandom random;
    private final Clock clock;
    private final int batchSize;
    private final boolean loopbackHttpAllowed;
    private final Set<URI> nameservers;

    private ClientOptions(RequestListener listener, SecureRandom random, Clock clock, int batchSize,
            boolean loopbackHttpAllowed, Set<URI> nameservers) {
        this.listener = Objects.requireNonNull(listener);
        this.random = Objects.requireNonNull(random);
        this.clock = Objects.requireNonNull(clock);
        this.batchSize = batchSize;
        this.loopbackHttpAllowed = loopbackHttpAllowed;
        this.nameservers = nameservers;
    }

    /**
     * Returns the defaults: a silent listener, the platform's randomness and clock, 1000 addresses a request, https only, and
     * no nameserver that gets a token but one at the identity server's own address.
     */
    public static ClientOptions defaults() {
        return DEFAULTS;
    }

    /** Returns these options with the listener that sees, and may veto, each request. */
    public ClientOptions withListener(RequestListener newListener) {
        return new ClientOptions(newListener, random, clock, batchSize, loopbackHttpAllowed, nameservers);
    }

    /** Returns these options with the source of client secrets. */
    public ClientOptions withRandom(SecureRandom newRandom) {
        return new ClientOptions(listener, newRandom, clock, batchSize, loopbackHttpAllowed, nameservers);
    }

    /** Returns these options with the clock by which statuses are judged and records are dated. */
    public ClientOptions withClock(Clock newClock) {
        return new ClientOptions(listener, random, newClock, batchSize, loopbackHttpAllowed, nameservers);
    }

    /**
     * Returns these options with one more nameserver that may be given the token of an identity server, besides one at the
     * same address: for operators who run the two apart. Name it only where the operator of both says so, never because a
     * domain does: whoever has the token can act as the user at the identity server.
     */
    public ClientOptions trustingNameserver(URI baseUrl) {
        Set<URI> more = new HashSet<>(nameservers);
        more.add(baseUrl);
        return new ClientOptions(listener, random, clock, batchSize, loopbackHttpAllowed,
                Collections.unmodifiableSet(more));
    }

    /** Returns these options with so many addresses a request, from 1 to {@link #MAX_BATCH_SIZE}. */
    public ClientOptions withBatchSize(int addresses) {
        if (addresses < 1 || addresses > MAX_BATCH_SIZE) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_BATCH_SIZE + " addresses");
        }
        return new ClientOptions(listener, random, clock, addresses, loopbackHttpAllowed, nameservers);
    }

    /** Returns these options with plain http allowed to this very machine, for demonstrations and tests. */
    public ClientOptions allowingLoopbackHttp() {
        return new ClientOptions(listener, random, clock, batchSize, true, nameservers);
    }

    RequestListener listener() {
        return listener;
    }

    SecureRandom random() {
        return random;
    }

    Clock clock() {
        return clock;
    }

    Set<URI> nameservers() {
        return nameservers;
    }

    int batchSize() {
        return batchSize;
    }

    boolean isLoopbackHttpAllowed() {
        return loopbackHttpAllowed;
    }
}
