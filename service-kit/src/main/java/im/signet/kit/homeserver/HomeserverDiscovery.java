package im.signet.kit.homeserver;

import im.signet.kit.outbound.Destination;
import im.signet.kit.outbound.NameResolver;
import im.signet.kit.outbound.NameResolver.ServiceRecord;
import im.signet.protocol.identifier.ServerName;

import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds where a homeserver answers, in the order of the
 * <a href="https://spec.matrix.org/latest/server-server-api/#resolving-server-names">Server-Server API</a>. Host header
 * and certificate are those of the server name or of the name that it delegates to, never of an SRV target.
 */
final class HomeserverDiscovery {

    private static final int DEFAULT_PORT = 8448;
    private static final int MAX_SERVICES_TRIED = 4;

    private final WellKnownServers wellKnown;
    private final NameResolver names;
    private final SecureRandom random;

    HomeserverDiscovery(WellKnownServers wellKnown, NameResolver names, SecureRandom random) {
        this.wellKnown = wellKnown;
        this.names = names;
        this.random = random;
    }

    /** Returns where to try, in this order; empty when the server's DNS says that there is no such service. */
    List<Destination> destinations(ServerName server, Deadline deadline) {
        if (isComplete(server)) {
            return List.of(destination(server));
        }
        ServerName delegated = wellKnown.delegatedBy(server.host(), deadline).orElse(server);
        if (isComplete(delegated)) {
            return List.of(destination(delegated));
        }
        return byServiceRecords(delegated, "_matrix-fed._tcp.")
                .or(() -> byServiceRecords(delegated, "_matrix._tcp."))
                .orElseGet(() -> List.of(destination(delegated)));
    }

    private static boolean isComplete(ServerName server) {
        return server.isIpLiteral() || server.port().isPresent();
    }

    private static Destination destination(ServerName server) {
        return new Destination(server.host(), server.port(), server.host(), server.port().orElse(DEFAULT_PORT));
    }

    // Empty when there are no such records, or DNS does not say: then the next step of the discovery is as good as any.
    private Optional<List<Destination>> byServiceRecords(ServerName server, String service) {
        List<ServiceRecord> records;
        try {
            records = names.services(service + server.host());
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
        if (records.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(inOrder(records).stream()
                .filter(record -> Destination.isHost(record.target()) && record.port() >= 1)
                .limit(MAX_SERVICES_TRIED)
                .map(record -> new Destination(server.host(), OptionalInt.empty(), record.target(), record.port()))
                .toList());
    }

    // RFC 2782: by priority; within one, drawn by weight.
    private List<ServiceRecord> inOrder(List<ServiceRecord> records) {
        List<ServiceRecord> left = new ArrayList<>(records);
        List<ServiceRecord> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            int first = left.stream().mapToInt(ServiceRecord::priority).min().orElseThrow();
            List<ServiceRecord> equals = left.stream().filter(record -> record.priority() == first).toList();
            ServiceRecord drawn = draw(equals);
            ordered.add(drawn);
            left.remove(drawn);
        }
        return ordered;
    }

    private ServiceRecord draw(List<ServiceRecord> records) {
        List<ServiceRecord> lightestFirst = records.stream()
                .sorted(Comparator.comparingInt(ServiceRecord::weight))
                .toList();
        int sum = records.stream().mapToInt(ServiceRecord::weight).sum();
        int mark = random.nextInt(sum + 1);
        int running = 0;
        for (ServiceRecord record : lightestFirst) {
            running += record.weight();
            if (running >= mark) {
                return record;
            }
        }
        return lightestFirst.getLast();
    }
}
