package im.signet.standalone.doctor;

import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.limit.Limit;
import im.signet.kit.limit.LimitTrace;
import im.signet.kit.limit.Rate;
import im.signet.standalone.config.Service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/// Whose the server takes a request for that comes through the reverse proxy. The server tells nobody. But it counts
/// what
/// comes from each network, under a hash that only the keys open: so one request is sent through the public URL, with an
/// address of nobody's written into `X-Forwarded-For`, and then the database says for whom it was counted.
final class ProxyCheck implements Check {

    private static final String LIMIT = "registrations-per-network";
    private static final String DEFAULT = "60 then 60 per 1m";
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    @Override
    public String what() {
        return "proxy";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws IOException, InterruptedException, SQLException {
        Optional<URI> url = patient.publicUrl();
        Optional<KeyRing> keys = Keys.stored(patient.keyFolder(), "limit");
        if (url.isEmpty() || keys.isEmpty() || !patient.served().has(Service.TERMS)
                || patient.text("signet.limits.enabled").filter("false"::equals).isPresent()) {
            return List.of(cannotBeKnown(url.isEmpty()
                    ? "there is no public-url"
                    : keys.isEmpty()
                            ? "there are no keys of limits here yet"
                            : "this process has no limit that would tell"));
        }
        KeyedHash hash = new KeyedHash(keys.get());
        Limit limit = limit(patient);
        // TEST-NET-1 and the like are nobody's; which of its addresses, nobody can have prepared for.
        InetAddress spoofed = InetAddress.ofLiteral("203.0.113." + (1 + patient.random().nextInt(254)));
        try (Connection database = patient.database()) {
            InetAddress own;
            Map<InetAddress, Optional<String>> before;
            try {
                own = ownAddress(url.get());
                before = traces(database, hash, limit, watched(patient, spoofed, own));
                patient.send(HttpRequest.newBuilder(URI.create(url.get() + "/_matrix/identity/v2/account/register"))
                        .timeout(Patient.PATIENCE.multipliedBy(3))
                        .header("Content-Type", "application/json")
                        .header("X-Forwarded-For", spoofed.getHostAddress())
                        .POST(HttpRequest.BodyPublishers
                                .ofString("{\"access_token\":\"doctor\",\"matrix_server_name\":\"doctor.invalid\"}"))
                        .build());
            } catch (IOException unreachable) {
                return List.of(cannotBeKnown("the public URL cannot be asked"));
            }
            List<InetAddress> counted = new ArrayList<>();
            traces(database, hash, limit, before.keySet()).forEach((address, trace) -> {
                if (!trace.equals(before.get(address))) {
                    counted.add(address);
                }
            });
            return List.of(of(counted, spoofed, own, patient.list("signet.trusted-proxies").isEmpty()));
        }
    }

    Diagnosis of(List<InetAddress> counted, InetAddress spoofed, InetAddress own, boolean nobodyTrusted) {
        if (counted.contains(spoofed)) {
            return Diagnosis.fail(what(),
                    "an X-Forwarded-For that was made up is believed, so everybody can choose whom "
                            + "limits count.",
                    "Have signet.trusted-proxies name the reverse proxy and nothing that clients have an "
                            + "address in, and the proxy append to the header ($proxy_add_x_forwarded_for).");
        } else if (counted.contains(own)) {
            return Diagnosis.ok(what(), own.isLoopbackAddress()
                    ? "a made-up X-Forwarded-For is not believed; whether people's own addresses arrive can be told only from "
                            + "another machine than the proxy's."
                    : "people are counted by their own addresses, and a made-up X-Forwarded-For is not believed.");
        } else if (!counted.isEmpty()) {
            return Diagnosis.fail(what(),
                    "all people are counted as the reverse proxy " + counted.getFirst().getHostAddress()
                            + ": one of them can use up what is for all.",
                    nobodyTrusted
                            ? "Name it in signet.trusted-proxies, and have it append to X-Forwarded-For."
                            : "Have it append to X-Forwarded-For ($proxy_add_x_forwarded_for).");
        }
        return Diagnosis.warn(what(),
                "a made-up X-Forwarded-For is not believed; by which address people are counted could "
                        + "not be told: by none of this machine's or of a trusted proxy's.",
                "That is right where this machine goes out by another address, as behind NAT.");
    }

    private Diagnosis cannotBeKnown(String why) {
        return Diagnosis.warn(what(), "whether people's addresses arrive cannot be known: " + why + ".",
                "Run this beside a server that has started and is reached by its public URL.");
    }

    private static Limit limit(Patient patient) {
        try {
            return new Limit(LIMIT, Binder.get(patient.settings())
                    .bind("signet.limits." + LIMIT, Bindable.listOf(Rate.class))
                    .orElseGet(() -> List.of(Rate.valueOf(DEFAULT))));
        } catch (BindException foundByTheConfiguration) {
            return new Limit(LIMIT, List.of(Rate.valueOf(DEFAULT)));
        }
    }

    private static Set<InetAddress> watched(Patient patient, InetAddress spoofed, InetAddress own) {
        Set<InetAddress> watched = new LinkedHashSet<>(List.of(spoofed, own, InetAddress.ofLiteral("127.0.0.1"),
                InetAddress.ofLiteral("::1")));
        for (String proxy : patient.list("signet.trusted-proxies")) {
            try {
                watched.add(InetAddress.ofLiteral(proxy));
            } catch (IllegalArgumentException aBlock) {
                // its addresses are too many to watch
            }
        }
        return watched;
    }

    private static Map<InetAddress, Optional<String>> traces(Connection database, KeyedHash hash, Limit limit,
            Set<InetAddress> clients) throws SQLException {
        Map<InetAddress, Optional<String>> traces = new LinkedHashMap<>();
        for (InetAddress client : clients) {
            traces.put(client, LimitTrace.of(database, Service.TERMS.schema(), hash, limit, client));
        }
        return traces;
    }

    private static InetAddress ownAddress(URI url) throws IOException {
        int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? HTTPS : HTTP;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), (int) Patient.PATIENCE.toMillis());
            return socket.getLocalAddress();
        }
    }
}
