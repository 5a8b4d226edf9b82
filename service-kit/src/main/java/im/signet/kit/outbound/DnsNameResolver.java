package im.signet.kit.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks DNS over dnsjava. The JDK's own resolver blocks a carrier thread for as long as a name server keeps silent, and
 * strangers choose the names: a few such names would stop every virtual thread.
 *
 * <p>Nothing is cached here, as answers of a stranger's choosing could fill the memory; name servers cache.
 */
final class DnsNameResolver implements NameResolver {

    private static final Logger log = LoggerFactory.getLogger(DnsNameResolver.class);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration RESOLUTION_DELAY = Duration.ofMillis(200);
    private static final Duration CONFIGURATION_LIFETIME = Duration.ofMinutes(1);

    // Started for each step, so that no lookup waits for another.
    private static final Executor VIRTUAL_THREADS = Thread::startVirtualThread;

    static {
        // A server that drains serves on while the JVM ends: a hook would close what DNS is asked over under its hands, and
        // where nobody was asked before, dnsjava would fail at adding one.
        System.setProperty("dnsjava.nio.register_shutdown_hook", "false");
    }

    private final Clock clock;
    private final Supplier<LookupSession> sessions;
    private volatile @Nullable CurrentSession current;

    DnsNameResolver(Clock clock) {
        this(clock, DnsNameResolver::configuredByTheSystem);
    }

    DnsNameResolver(Clock clock, Supplier<LookupSession> sessions) {
        this.clock = clock;
        this.sessions = sessions;
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
        Name name = name(host, null);
        LookupSession session = session();
        CompletableFuture<List<Record>> v4 = orNothing(lookup(session, name, Type.A));
        CompletableFuture<List<Record>> v6 = orNothing(lookup(session, name, Type.AAAA));
        CompletableFuture<Void> both = CompletableFuture.allOf(v4, v6);
        // One kind is enough, as some name servers fail at AAAA or keep silent; IPv4 first spares a wait where IPv6 leads nowhere.
        await(CompletableFuture.anyOf(both, onceFound(v4), onceFound(v6)));
        waitABit(both);
        List<InetAddress> addresses = addressesIn(v4.getNow(List.of()), v6.getNow(List.of()));
        if (addresses.isEmpty()) {
            throw new UnknownHostException("DNS knows no address of it");
        }
        return addresses;
    }

    private static CompletableFuture<List<Record>> orNothing(CompletableFuture<List<Record>> answer) {
        return answer.exceptionally(_ -> List.of());
    }

    /** Returns what completes when something is found, and never when nothing is. */
    private static CompletableFuture<List<Record>> onceFound(CompletableFuture<List<Record>> answer) {
        return answer.thenCompose(found -> found.isEmpty()
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(found));
    }

    // RFC 8305, section 3, waits so for the other kind of address.
    private static void waitABit(CompletableFuture<Void> both) throws UnknownHostException {
        try {
            both.get(RESOLUTION_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            both.cancel(true);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted while DNS was asked");
        }
    }

    @Override
    public List<ServiceRecord> services(String name) throws UnknownHostException {
        List<ServiceRecord> services = new ArrayList<>();
        for (Record found : await(lookup(session(), name(name, Name.root), Type.SRV))) {
            if (found instanceof SRVRecord srv) {
                services.add(new ServiceRecord(srv.getPriority(), srv.getWeight(), srv.getPort(),
                        srv.getTarget().equals(Name.root) ? "" : srv.getTarget().toString(true)));
            }
        }
        return services;
    }

    private static List<InetAddress> addressesIn(List<Record> v4, List<Record> v6) {
        List<InetAddress> addresses = new ArrayList<>();
        v4.stream().filter(ARecord.class::isInstance).forEach(a -> addresses.add(((ARecord) a).getAddress()));
        v6.stream().filter(AAAARecord.class::isInstance).forEach(a -> addresses.add(((AAAARecord) a).getAddress()));
        return addresses;
    }

    private static Name name(String text, @Nullable Name origin) throws UnknownHostException {
        try {
            return origin == null ? Name.fromString(text) : Name.fromString(text, origin);
        } catch (TextParseException _) {
            throw new UnknownHostException("not a name of the DNS");
        }
    }

    private static CompletableFuture<List<Record>> lookup(LookupSession session, Name name, int type) {
        return session.lookupAsync(name, type)
                .toCompletableFuture()
                .thenApply(result -> List.copyOf(result.getRecords()))
                .exceptionallyCompose(failure -> isNothingThere(failure)
                        ? CompletableFuture.completedFuture(List.of())
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isNothingThere(Throwable failure) {
        return failure instanceof NoSuchDomainException || failure instanceof NoSuchRRSetException
                || failure.getCause() instanceof NoSuchDomainException
                || failure.getCause() instanceof NoSuchRRSetException;
    }

    private static <T> T await(CompletableFuture<T> answer) throws UnknownHostException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            answer.cancel(true);
            throw new UnknownHostException("DNS does not answer");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted while DNS was asked");
        }
    }

    private LookupSession session() {
        Instant now = clock.instant();
        CurrentSession known = current;
        if (known == null || !now.isBefore(known.until)) {
            known = new CurrentSession(sessions.get(), now.plus(CONFIGURATION_LIFETIME));
            current = known;
        }
        return known.session;
    }

    // Name servers change while a service runs, as on a machine that moves between networks.
    private static LookupSession configuredByTheSystem() {
        ResolverConfig.refresh();
        ResolverConfig config = ResolverConfig.getCurrentConfig();
        ExtendedResolver resolver = new ExtendedResolver();
        resolver.setTimeout(Duration.ofSeconds(2));
        resolver.setRetries(2);
        return LookupSession.builder()
                .resolver(resolver)
                .ndots(config.ndots())
                .searchPath(config.searchPath())
                .hostsFileParser(hostsFile())
                .executor(VIRTUAL_THREADS)
                .build();
    }

    /**
     * Returns the system's table of hosts, already read: whoever asks dnsjava's parser while another thread reads the file for
     * it is told that the file names nobody. It reads again after five minutes, and is not kept for so long here.
     */
    private static HostsFileParser hostsFile() {
        HostsFileParser hosts = new HostsFileParser();
        try {
            hosts.getAddressForHost(Name.root, Type.A);
        } catch (IOException unreadable) {
            log.warn("The table of hosts cannot be read: {}", unreadable.getClass().getSimpleName());
        }
        return hosts;
    }

    private record CurrentSession(LookupSession session, Instant until) {}
}
