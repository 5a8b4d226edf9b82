package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

/** How often an account can be registered for from one network, with the limit that a server ships with: 60 a minute. */
class RegistrationLimitTest {

    private static final String BEHIND_A_PROXY = "signet.trusted-proxies: [127.0.0.1]";

    private final Installation installation = Installation.fresh();
    private final List<TermsServer> servers = new ArrayList<>();
    private final AtomicInteger exchanged = new AtomicInteger();
    private DemoHomeserver homeserver;
    private List<UserId> users = List.of();

    @BeforeEach
    void start() {
        homeserver = Installation.homeserver();
        users = Stream.of("alice", "bob", "carol", "dave").map(homeserver::register).toList();
    }

    /** Returns a new token of one user after the other. */
    private JsonObject openId() {
        return homeserver.openId(users.get(exchanged.getAndIncrement() % users.size()));
    }

    @AfterEach
    void stop() {
        servers.forEach(TermsServer::close);
        homeserver.close();
    }

    private TermsServer server(String settings) {
        TermsServer server = installation.start(settings);
        servers.add(server);
        return server;
    }

    private Map<Integer, Long> atOnce(int threads, List<Callable<Integer>> requests) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Future<Integer> status : executor.invokeAll(requests)) {
                statuses.add(status.get());
            }
        }
        return statuses.stream().collect(Collectors.groupingBy(status -> status, Collectors.counting()));
    }

    private List<Callable<Integer>> registrations(TermsServer server, int count) {
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(() -> server.post(REGISTER, openId()).status());
        }
        return requests;
    }

    private long askedOfTheHomeserver() {
        return homeserver.requests().stream().filter(request -> request.path().endsWith("/openid/userinfo")).count();
    }

    @Test
    void refusesWhatIsTooMuchBeforeItAsksAnyHomeserver() throws Exception {
        TermsServer server = server("");
        assertThat(atOnce(8, registrations(server, 64))).isEqualTo(Map.of(200, 60L, 429, 4L));
        assertThat(askedOfTheHomeserver()).isEqualTo(60);

        Answer refused = server.post(REGISTER, openId());
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().string("errcode")).contains("M_LIMIT_EXCEEDED");
        assertThat(refused.json().integer("retry_after_ms")).contains(1000L);
        assertThat(refused.header("Retry-After")).isEqualTo("1");

        // A bad request is told so, and costs nothing.
        assertThat(server.post(REGISTER, "{}").status()).isEqualTo(400);
        installation.clock().move(Duration.ofSeconds(1));
        assertThat(server.post(REGISTER, openId()).status()).isEqualTo(200);
        assertThat(server.post(REGISTER, openId()).status()).isEqualTo(429);
        installation.clock().move(Duration.ofMinutes(5));
        assertThat(atOnce(8, registrations(server, 61))).isEqualTo(Map.of(200, 60L, 429, 1L));
    }

    @Test
    void countsForAllReplicas() throws Exception {
        List<Callable<Integer>> requests = new ArrayList<>(registrations(server(""), 35));
        requests.addAll(registrations(server(""), 35));
        assertThat(atOnce(8, requests)).isEqualTo(Map.of(200, 60L, 429, 10L));
    }

    // Spoofed X-Forwarded-For: a client that writes the header itself.
    @Test
    void isNotDeceivedByTenThousandSpoofedAddresses() throws Exception {
        TermsServer direct = server("");
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String spoofed = "198.18." + i / 250 + "." + i % 250;
            requests.add(() -> direct.post(REGISTER, openId(), "X-Forwarded-For", spoofed).status());
        }
        assertThat(atOnce(8, requests)).isEqualTo(Map.of(200, 60L, 429, 9_940L));
        assertThat(askedOfTheHomeserver()).isEqualTo(60);
    }

    @Test
    void tellsTheClientsOfAProxyApart() throws Exception {
        TermsServer proxied = server(BEHIND_A_PROXY);
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String spoofed = "198.18.0." + i + ", 203.0.113.9";
            requests.add(() -> proxied.post(REGISTER, openId(), "X-Forwarded-For", spoofed).status());
        }
        assertThat(atOnce(8, requests)).isEqualTo(Map.of(200, 60L, 429, 40L));
        assertThat(proxied.post(REGISTER, openId(), "X-Forwarded-For", "203.0.113.10").status()).isEqualTo(200);
    }

    @Test
    void takesThe64OfAnIpv6AddressForOne() throws Exception {
        TermsServer proxied = server(BEHIND_A_PROXY);
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            String neighbour = "2001:db8:0:1:" + Integer.toHexString(i) + "::" + Integer.toHexString(i);
            requests.add(() -> proxied.post(REGISTER, openId(), "X-Forwarded-For", neighbour).status());
        }
        assertThat(atOnce(8, requests)).isEqualTo(Map.of(200, 60L, 429, 10L));
        assertThat(proxied.post(REGISTER, openId(), "X-Forwarded-For", "2001:db8:0:2::1").status()).isEqualTo(200);
    }

    @Test
    void failsClosedAndAsksNoHomeserver() {
        TermsServer server = server("");
        server.post(REGISTER, openId()).ok();
        server.part(HikariDataSource.class).close();
        server.post(REGISTER, openId()).is(500, "M_UNKNOWN");
        assertThat(askedOfTheHomeserver()).isEqualTo(1);
    }

    @Test
    void writesNoAddressDown() {
        server(BEHIND_A_PROXY).post(REGISTER, openId(), "X-Forwarded-For", "203.0.113.9").ok();
        assertThat(installation.texts("SELECT id::text || state::text FROM terms.limit_bucket")).hasSize(3)
                .noneMatch(row -> row.contains("cb007109") || row.contains("3230332e302e3131332e39")
                        || row.contains("616c696365") || row.contains("6c6f63616c"));
    }

    @Test
    void countsWhatAUserGetsAndUsesNothingUpForWhoHasToWait() {
        TermsServer server = server("signet.limits.registrations-per-account: 2 then 1 per 1h");
        for (int i = 0; i < 2; i++) {
            server.post(REGISTER, homeserver.openId(users.getFirst())).ok();
        }
        JsonObject third = homeserver.openId(users.getFirst());
        isTooMuch(server.post(REGISTER, third));
        isTooMuch(server.post(REGISTER, third));
        server.post(REGISTER, homeserver.openId(users.getLast())).ok();
        assertThat(installation.rows("access_token")).isEqualTo(3);
        installation.clock().move(Duration.ofHours(1));
        server.post(REGISTER, third).ok();
        server.post(REGISTER, third).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void countsWhatTheUsersOfAHomeserverGet() {
        TermsServer server = server("signet.limits.registrations-per-homeserver: 3 then 1 per 1h");
        for (int i = 0; i < 3; i++) {
            server.post(REGISTER, openId()).ok();
        }
        isTooMuch(server.post(REGISTER, openId()));
        installation.clock().move(Duration.ofHours(1));
        server.post(REGISTER, openId()).ok();
    }

    // Else whoever can send requests could lock the users of any homeserver out.
    @Test
    void countsAgainstNoHomeserverWhatItDidNotVouchFor() throws Exception {
        TermsServer server = server(
                "signet.limits: {registrations-per-homeserver: 1 then 1 per 1h, registrations-per-account: 1 then 1 per 1h}");
        JsonObject spent = openId();
        server.post(REGISTER, spent).ok();
        installation.clock().move(Duration.ofHours(1));
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            JsonObject madeUp = openId().with("access_token", "openid_made_up_" + i);
            requests.add(() -> server.post(REGISTER, madeUp).status());
            requests.add(() -> server.post(REGISTER, spent).status());
        }
        assertThat(atOnce(8, requests)).isEqualTo(Map.of(401, 50L));
        server.post(REGISTER, openId()).ok();
    }

    private static void isTooMuch(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json().string("errcode")).contains("M_LIMIT_EXCEEDED");
    }

    @Test
    void canBeTurnedOff() throws Exception {
        TermsServer unlimited = server("signet.limits.enabled: false");
        assertThat(atOnce(8, registrations(unlimited, 70))).isEqualTo(Map.of(200, 70L));
    }
}
