package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.TestInternet.Asked;
import im.signet.kit.outbound.TestInternet.Site;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.kit.outbound.Outcomes.answered;
import static im.signet.kit.outbound.Outcomes.assertRefused;
import static im.signet.kit.outbound.Outcomes.assertUnreachable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class GuardedHttpClientTest {

    private static final String IP = "93.184.216.34";
    private static final String OTHER_IP = "93.184.216.35";
    private static final String HOST = "example.org";

    private final TestInternet internet = new TestInternet();

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    // What goes over the wire

    @Test
    void asksTheCheckedAddressUnderTheOriginalName() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST).answers("/", 200, "{\"a\":1}");
        Answered answered = answered(internet.client().send(get("/path?x=%20y")));
        assertThat(answered.status()).isEqualTo(200);
        assertThat(new String(answered.body(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
        assertThat(answered.header("content-TYPE")).contains("application/json");
        assertThat(internet.dialled()).containsExactly(new InetSocketAddress(IP, 443));
        Asked asked = site.asked().getFirst();
        assertThat(asked.method() + " " + asked.target()).isEqualTo("GET /path?x=%20y");
        assertThat(asked.header("Host")).isEqualTo(HOST);
        assertThat(asked.header("User-agent")).isEqualTo("Signet");
        assertThat(asked.headers().keySet()).containsExactlyInAnyOrder("Host", "User-agent", "Accept",
                "Accept-encoding", "Connection");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void sendsJson(String method) {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST).answers("/", 201, "");
        byte[] body = "{\"b\":2}".getBytes(StandardCharsets.UTF_8);
        Destination there = Destination.of(HOST, 443);
        OutboundRequest request = method.equals("POST")
                ? OutboundRequest.post(there, "/x", body)
                : OutboundRequest.put(there, "/x", body);
        Answered answered = answered(internet.client().send(request));
        assertThat(answered.status()).isEqualTo(201);
        assertThat(answered.body()).isEmpty();
        Asked asked = site.asked().getFirst();
        assertThat(asked.method()).isEqualTo(method);
        assertThat(asked.body()).isEqualTo("{\"b\":2}");
        assertThat(asked.header("Content-type")).startsWith("application/json");
    }

    @Test
    void keepsNameAndPortOfTheNameWhenTheConnectionGoesElsewhere() {
        internet.names().answer("machine7.hosting.example", IP);
        Site site = internet.site(IP, 9000, HOST).answers("/", 200, "{}");
        Destination srv = new Destination(HOST, OptionalInt.empty(), "machine7.hosting.example", 9000);
        assertThat(internet.client().send(OutboundRequest.get(srv, "/"))).isInstanceOf(Answered.class);
        assertThat(site.asked().getFirst().header("Host")).isEqualTo(HOST);
    }

    @Test
    void doesNotTakeTheCertificateOfTheMachineForThatOfTheName() {
        internet.names().answer("machine7.hosting.example", IP);
        internet.site(IP, 9000, "machine7.hosting.example").answers("/", 200, "{}");
        Destination srv = new Destination(HOST, OptionalInt.empty(), "machine7.hosting.example", 9000);
        assertUnreachable(internet.client().send(OutboundRequest.get(srv, "/")), "for another name");
    }

    @Test
    void sharesNoConnectionBetweenNamesOnOneMachine() {
        internet.names().answer("machine", IP);
        Site site = internet.site(IP, 8448, HOST).answers("/", 200, "{}");
        GuardedHttpClient client = internet.client();
        Destination good = new Destination(HOST, OptionalInt.empty(), "machine", 8448);
        Destination bad = new Destination("other.example", OptionalInt.empty(), "machine", 8448);
        assertThat(client.send(OutboundRequest.get(good, "/"))).isInstanceOf(Answered.class);
        assertUnreachable(client.send(OutboundRequest.get(bad, "/")), "other.example", "for another name");
        assertThat(site.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "2606:4700::1111"})
    void asksAnIpAddressUnderItsOwnCertificate(String ip) {
        Site site = internet.site(ip, 8448, ip).answers("/", 200, "{}");
        OutboundRequest request = OutboundRequest.get(Destination.of(ip, 8448), "/");
        assertThat(internet.client().send(request)).isInstanceOf(Answered.class);
        assertThat(site.asked().getFirst().header("Host"))
                .isEqualTo(ip.contains(":") ? "[" + ip + "]:8448" : ip + ":8448");
        assertThat(internet.names().questions()).isEmpty();
    }

    @Test
    void asksAnInternationalNameInItsAsciiForm() {
        internet.names().answer("xn--bcher-kva.example", IP);
        Site site = internet.site(IP, 443, "xn--bcher-kva.example").answers("/", 200, "{}");
        OutboundRequest request = OutboundRequest.get(Destination.of("xn--bcher-kva.example", 443), "/");
        assertThat(internet.client().send(request)).isInstanceOf(Answered.class);
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("xn--bcher-kva.example");
        assertThat(internet.names().questions()).containsExactly("xn--bcher-kva.example");
    }

    @Test
    void keepsNoCookies() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST).handles("/", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "a=b; Path=/");
            TestInternet.respond(exchange, 200, "{}");
        });
        GuardedHttpClient client = internet.client();
        client.send(get("/"));
        client.send(get("/"));
        assertThat(site.asked()).hasSize(2).allMatch(asked -> asked.header("Cookie").isEmpty());
    }

    @Test
    void answersNoChallenge() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST).handles("/", exchange -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
            TestInternet.respond(exchange, 401, "{}");
        });
        assertThat(answered(internet.client().send(get("/"))).status()).isEqualTo(401);
        assertThat(site.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "//other.example/", "/a b", "/a\r\nX: y", "/a\n", "/ä", "/a#b", "/\u0000", "/\\x"})
    void takesNoPathThatCouldBeAnythingElse(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> get(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\r\nX: y", "a/b", "user@host", "a:80", "[::1]", "a?b", "a#b", "fe80::1%1",
        "-a",
        ".a", "ä.example", "a_b"})
    void takesNoHostThatCouldBeAnythingElse(String host) {
        assertThatIllegalArgumentException().isThrownBy(() -> Destination.of(host, 443));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536})
    void takesNoPortThatIsNone(int port) {
        assertThatIllegalArgumentException().isThrownBy(() -> Destination.of(HOST, port));
    }

    // TLS

    @Test
    void refusesCertificatesOfOtherAuthorities() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, new TestAuthority().serverContext(HOST)).answers("/", 200, "{}");
        assertUnreachable(internet.client().send(get("/")), HOST, "authority that is not trusted");
        assertThat(site.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example", "sub.example.org", "*.example.org", "example.org.evil.example",
        "93.184.216.34"})
    void refusesCertificatesForOtherNames(String name) {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, name).answers("/", 200, "{}");
        assertUnreachable(internet.client().send(get("/")), HOST, "for another name");
        assertThat(site.asked()).isEmpty();
    }

    @Test
    void refusesExpiredCertificates() {
        internet.names().answer(HOST, IP);
        internet.site(IP, 443, internet.authority().expiredServerContext(HOST)).answers("/", 200, "{}");
        assertUnreachable(internet.client().send(get("/")), HOST, "expired");
    }

    @Test
    void refusesCertificatesFromTheFuture() {
        internet.names().answer(HOST, IP);
        internet.site(IP, 443, internet.authority().futureServerContext(HOST)).answers("/", 200, "{}");
        assertUnreachable(internet.client().send(get("/")), HOST, "not valid yet");
    }

    @Test
    void neverFallsBackToPlainHttp() {
        internet.names().answer(HOST, IP);
        internet.plainSite(IP, 443,
                (in, out) -> out.write("HTTP/1.1 200 OK\r\n\r\n{}".getBytes(StandardCharsets.UTF_8)));
        assertUnreachable(internet.client().send(get("/")), HOST, "TLS");
    }

    // Which addresses

    @ParameterizedTest
    @MethodSource("im.signet.kit.outbound.ForbiddenAddresses#all")
    void connectsToNoForbiddenAddress(String ip) {
        internet.names().answer(HOST, ip);
        GuardedHttpClient client = internet.client();
        assertRefused(client.send(get("/")), HOST, "may not be connected to");
        assertRefused(client.send(OutboundRequest.get(Destination.of(ip, 443), "/")), "may not be connected to");
        assertThat(internet.dialled()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("im.signet.kit.outbound.ForbiddenAddresses#otherForms")
    void neitherResolvesNorConnectsToOddFormsOfAddresses(String host) {
        internet.names().answer(host, IP);
        assertUnreachable(internet.client().send(OutboundRequest.get(Destination.of(host, 443), "/")));
        assertThat(internet.dialled()).isEmpty();
        assertThat(internet.names().questions()).isEmpty();
    }

    @Test
    void resolvesOnceAndConnectsToWhatItChecked() {
        // A name server that answers a public address to the check and a private one to the connection.
        internet.names().answer(HOST, IP).answer(HOST, "10.0.0.1");
        internet.site(IP, 443, HOST).handles("/", exchange -> {
            exchange.getResponseHeaders().add("Connection", "close");
            TestInternet.respond(exchange, 200, "{}");
        });
        GuardedHttpClient client = internet.client();
        assertThat(client.send(get("/"))).isInstanceOf(Answered.class);
        assertThat(internet.names().questions()).containsExactly(HOST);
        assertThat(internet.dialledHosts()).containsExactly(IP);
        assertRefused(client.send(get("/")), "may not be connected to");
        assertThat(internet.dialledHosts()).containsExactly(IP);
    }

    @Test
    void refusesANameOfWhichOneAddressIsForbidden() {
        internet.names().answer(HOST, IP, "10.0.0.1");
        internet.names().answer("second.example", "::1", IP);
        internet.site(IP, 443, HOST, "second.example").answers("/", 200, "{}");
        GuardedHttpClient client = internet.client();
        assertRefused(client.send(get("/")), HOST);
        assertRefused(client.send(OutboundRequest.get(Destination.of("second.example", 443), "/")), "second.example");
        assertThat(internet.dialled()).isEmpty();
    }

    @Test
    void triesTheNextAddressWhenOneDoesNotAnswer() {
        internet.names().answer(HOST, OTHER_IP, IP);
        internet.site(IP, 443, HOST).answers("/", 200, "{}");
        assertThat(internet.client().send(get("/"))).isInstanceOf(Answered.class);
        assertThat(internet.dialledHosts()).containsExactly(OTHER_IP, IP);
    }

    @Test
    void triesFewOfManyAddresses() {
        internet.names().answer(HOST, "9.0.0.1", "9.0.0.2", "9.0.0.3", "9.0.0.4", "9.0.0.5", "9.0.0.6");
        assertUnreachable(internet.client().send(get("/")), HOST, "accepts no connection");
        assertThat(internet.dialled()).hasSize(4);
    }

    @Test
    void connectsToPrivateAddressesThatTheOperatorAllows() {
        internet.names().answer(HOST, "10.0.0.1");
        internet.site("10.0.0.1", 443, HOST).answers("/", 200, "{}");
        assertThat(internet.client("10.0.0.0/8").send(get("/"))).isInstanceOf(Answered.class);
    }

    @Test
    void saysWhenANameDoesNotResolve() {
        assertUnreachable(internet.client().send(get("/")), HOST, "does not resolve");
    }

    // Many at once

    @Test
    void opensFewConnectionsToOneDestination() throws InterruptedException {
        internet.names().answer(HOST, IP);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        internet.site(IP, 443, HOST).handles("/", exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            sleep(20);
            now.decrementAndGet();
            TestInternet.respond(exchange, 200, "{}");
        });
        GuardedHttpClient client = internet.client();
        List<OutboundResult> results = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                OutboundResult result = client.send(get("/"));
                synchronized (results) {
                    results.add(result);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(results).hasSize(64).allMatch(Answered.class::isInstance);
        assertThat(most.get()).isBetween(2, 8);
        assertThat(internet.dialled()).hasSizeLessThanOrEqualTo(16);
    }

    @Test
    void survivesManySlowHosts() {
        internet.names().answer(HOST, IP);
        internet.names().answer("fast.example", OTHER_IP);
        internet.hostileSite(IP, 443, (in, out) -> drip(out), HOST);
        internet.site(OTHER_IP, 443, "fast.example").answers("/", 200, "{}");
        GuardedHttpClient client = internet.client();
        for (int i = 0; i < 20; i++) {
            assertUnreachable(client.send(get("/").withTimeLimit(Duration.ofMillis(30))));
        }
        assertThat(client.send(OutboundRequest.get(Destination.of("fast.example", 443), "/")))
                .isInstanceOf(Answered.class);
    }

    @Test
    void asksAgainWhenAKeptConnectionTurnsOutToBeClosed() {
        internet.names().answer(HOST, IP);
        AtomicInteger connections = new AtomicInteger();
        internet.hostileSite(IP, 443, (in, out) -> {
            connections.incrementAndGet();
            TestInternet.readHead(in);
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.UTF_8));
        }, HOST);
        GuardedHttpClient client = internet.client();
        assertThat(client.send(get("/"))).isInstanceOf(Answered.class);
        assertThat(client.send(get("/"))).isInstanceOf(Answered.class);
        assertThat(connections).hasValue(2);
    }

    @Test
    void asksAgainWhenAKeptConnectionIsReset() {
        internet.names().answer(HOST, IP);
        List<List<String>> connections = internet.resettingSite(IP, 443, 1, HOST);
        GuardedHttpClient client = internet.client();
        for (int i = 0; i < 5; i++) {
            assertThat(client.send(get("/"))).isInstanceOf(Answered.class);
        }
        assertThat(connections).hasSize(5).startsWith(List.of("GET", "GET")).endsWith(List.of("GET"));
    }

    @Test
    void asksOnceWhenTheVeryFirstRequestIsReset() {
        internet.names().answer(HOST, IP);
        List<List<String>> connections = internet.resettingSite(IP, 443, 0, HOST);
        assertUnreachable(internet.client().send(get("/")), "broke off");
        assertThat(connections).containsExactly(List.of("GET"));
    }

    // It may have been done already.
    @Test
    void repeatsNothingButReading() {
        internet.names().answer(HOST, IP);
        List<List<String>> connections = internet.resettingSite(IP, 443, 1, HOST);
        GuardedHttpClient client = internet.client();
        assertThat(client.send(get("/"))).isInstanceOf(Answered.class);
        OutboundRequest put = OutboundRequest.put(Destination.of(HOST, 443), "/", new byte[0]);
        assertUnreachable(client.send(put), "broke off");
        assertThat(connections).containsExactly(List.of("GET", "PUT"));
    }

    @Test
    void cannotBeUsedAfterItWasClosed() {
        internet.names().answer(HOST, IP);
        internet.site(IP, 443, HOST).answers("/", 200, "{}");
        GuardedHttpClient client = internet.client();
        client.close();
        assertUnreachable(client.send(get("/")));
    }

    // What is told

    @Test
    void tellsNoQueryAndNoResolvedAddress() {
        internet.names().answer(HOST, IP).answer("inside.example", "192.168.77.1");
        internet.plainSite(IP, 443, (in, out) -> {});
        GuardedHttpClient client = internet.client();
        OutboundRequest toInside = OutboundRequest.get(Destination.of("inside.example", 443), "/x?token=s3cret");
        List<Object> told = List.of(get("/x?token=s3cret"), client.send(get("/x?token=s3cret")), toInside,
                client.send(toInside));
        assertThat(told).noneMatch(each -> each.toString().contains("s3cret") || each.toString().contains("/x")
                || each.toString().contains("192.168") || each.toString().contains(IP));
    }

    private static OutboundRequest get(String pathAndQuery) {
        return OutboundRequest.get(Destination.of(HOST, 443), pathAndQuery);
    }

    private static void drip(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            out.write('H');
            out.flush();
            Thread.sleep(100);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

}
