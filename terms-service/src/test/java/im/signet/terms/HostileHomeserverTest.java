package im.signet.terms;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.RecordedRequest;
import im.signet.kit.outbound.ForbiddenAddresses;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.terms.TermsServer.REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

/** Homeservers lie, fail and lead astray: none of it makes an account, or tells a client what lies behind us. */
class HostileHomeserverTest {

    private static final String USER_INFO = "/_matrix/federation/v1/openid/userinfo";
    private static final String WITHOUT_LIMITS = "signet.limits.enabled: false\n";

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;
    private static UserId mallory;

    private long before;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start(WITHOUT_LIMITS);
        homeserver = Installation.homeserver();
        mallory = homeserver.register("mallory");
    }

    @BeforeEach
    void count() {
        before = installation.rows("access_token");
    }

    @AfterEach
    void behave() {
        homeserver.behave();
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
    }

    private static JsonObject openId(String token, String server) {
        return JsonObject.builder()
                .put("access_token", token)
                .put("token_type", "Bearer")
                .put("matrix_server_name", server)
                .put("expires_in", 3600)
                .build();
    }

    private Answer register() {
        return server.post(REGISTER, homeserver.openId(mallory));
    }

    private void noTokenCameOfIt() {
        assertThat(installation.rows("access_token")).isEqualTo(before);
    }

    /** Every homeserver that does not vouch looks the same from outside. */
    private void isRefused(Answer answer) {
        answer.is(401, "M_UNAUTHORIZED");
        assertThat(answer.json().string("error"))
                .contains("the homeserver does not vouch for that token; ask it for a new one");
        noTokenCameOfIt();
    }

    /** Every homeserver that cannot be asked looks the same from outside: else this were a port scanner. */
    private void isUnreachable(Answer answer) {
        answer.is(502, "M_UNKNOWN");
        assertThat(answer.json().string("error"))
                .contains("the homeserver could not be asked whose token that is; try again later, and if that does"
                        + " not help ask whoever runs this server, whose log says why");
        noTokenCameOfIt();
    }

    // Alive in two peers: homeserver a answers @x:b, and whoever runs a is x on b.
    @ParameterizedTest
    @ValueSource(strings = {"@alice:example.org", "@alice:localhost", "@alice:localhost:1", "@alice:127.0.0.1",
        "@alice:matrix.org"})
    void hasNoSayAboutUsersOfOthers(String victim) {
        homeserver.answerUserInfoAs(UserId.of(victim));
        isRefused(register());
    }

    static Stream<String> nobody() {
        String name = homeserver.serverName().value();
        return Stream.of("{}", "{\"sub\":null}", "{\"sub\":1}", "{\"sub\":\"\"}", "{\"sub\":\"alice\"}",
                "{\"sub\":[\"@alice:" + name + "\"]}", "{\"sub\":{\"sub\":\"@alice:" + name + "\"}}",
                "{\"sub\":\"@alice:" + name + " \"}", "{\"sub\":\"@alice:" + name + "\\n\"}",
                "{\"sub\":\"@alice:" + name + "\\u0000\"}", "{\"sub\":\"@alice:" + name.toUpperCase(Locale.ROOT)
                        + "\"}",
                "{\"sub\":\"@alice:x:" + name + "\"}", "{\"sub\":\"alice:" + name + "\"}",
                "{\"sub\":\"@" + "a".repeat(255) + ":" + name + "\"}", "{\"SUB\":\"@alice:" + name + "\"}");
    }

    @ParameterizedTest
    @MethodSource("nobody")
    void hasToNameAUserOfItsOwn(String body) {
        homeserver.answer(USER_INFO, 200, body);
        isRefused(register());
    }

    static Stream<String> notJson() {
        String sub = "\"sub\":\"@alice:" + homeserver.serverName() + "\"";
        return Stream.of("", "<html><body>Welcome</body></html>", "null", "[]", "\"@alice:localhost\"", "{",
                "{" + sub + "," + sub + "}", "{" + sub + "}{}", "\uFEFF{" + sub + "}",
                "{" + sub + ",\"more\":\"" + "x".repeat(600 * 1024) + "\"}",
                "{" + sub + ",\"deep\":" + "[".repeat(5000) + "]".repeat(5000) + "}", "{" + sub + ",\"a\":1e400}",
                "{" + sub + ",\"a\":\"\\ud800\"}");
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void hasToAnswerJson(String body) {
        homeserver.answer(USER_INFO, 200, body);
        isUnreachable(register());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 410})
    void mayRefuse(int status) {
        homeserver.answer(USER_INFO, status, "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"inner workings\"}");
        isRefused(register());
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 408, 429, 500, 502, 503})
    void mayFail(int status) {
        homeserver.answer(USER_INFO, status, status == 204 ? "" : "{\"sub\":\"" + mallory + "\"}");
        isUnreachable(register());
    }

    @Test
    void mayNotRedirect() {
        try (DemoHomeserver other = Installation.homeserver()) {
            other.answerUserInfoAs(mallory);
            homeserver.redirect(USER_INFO, other.baseUrl().resolve(USER_INFO + "?access_token=x"));
            isUnreachable(register());
            homeserver.redirect(USER_INFO, URI.create("http://169.254.169.254/latest/meta-data/"));
            isUnreachable(register());
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void mayHangUp() {
        homeserver.stopAnswering();
        isUnreachable(register());
        homeserver.resume();
        register().ok();
    }

    @Test
    void mayBeDown() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        isUnreachable(server.post(REGISTER, openId("x", "localhost:" + port)));
        isUnreachable(server.post(REGISTER, openId("x", "127.0.0.1:" + port)));
    }

    @Test
    void mayTakeItsTimeWithoutHoldingUpAnybodyElse() throws Exception {
        String token = server.tokenOf(homeserver, mallory);
        List<JsonObject> openIds = Stream.generate(() -> homeserver.openId(mallory)).limit(40).toList();
        homeserver.hold(Duration.ofSeconds(5));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> slow = new ArrayList<>();
            for (JsonObject openId : openIds) {
                slow.add(clients.submit(() -> server.post(REGISTER, openId)));
            }
            int asked = homeserver.requests().size();
            Awaitility.await().until(() -> homeserver.requests().size() > asked);
            server.account(token).ok();
            assertThat(slow).anyMatch(answer -> !answer.isDone());
            for (Future<Answer> answer : slow) {
                assertThat(answer.get().status()).isIn(200, 502);
            }
        }
    }

    @Test
    void mayNotTakeForEver() {
        homeserver.hold(Duration.ofSeconds(60));
        isUnreachable(register());
    }

    // A byte now and then: no time limit between two bytes ever passes.
    @Test
    void mayNotDrip() throws IOException {
        SSLContext tls = Installation.authority().serverContext("localhost");
        try (ServerSocket dripping = tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> drip(dripping));
            isUnreachable(server.post(REGISTER, openId("x", "localhost:" + dripping.getLocalPort())));
        }
    }

    private static void drip(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                client.getOutputStream().write('x');
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException left) {
            // The client had enough of it.
        }
    }

    @Test
    void hasToProveItsName() {
        DemoAuthority trusted = Installation.authority();
        DemoAuthority foreign = DemoAuthority.create();
        for (var tls : List.of(foreign.serverContext("localhost"), trusted.serverContext("example.org"),
                trusted.expiredServerContext("localhost"))) {
            try (DemoHomeserver impostor = DemoHomeserver.start(tls, Clock.systemUTC(), new SecureRandom())) {
                UserId user = impostor.register("alice");
                isUnreachable(server.post(REGISTER, impostor.openId(user)));
                assertThat(impostor.requests()).isEmpty();
            }
        }
    }

    @Test
    void isNotAskedWhenTheOperatorServesOthersOnly() {
        try (TermsServer choosy = installation
                .start(WITHOUT_LIMITS + "signet.federation.homeservers: [example.org, localhost]")) {
            int asked = homeserver.requests().size();
            choosy.post(REGISTER, homeserver.openId(mallory)).is(403, "M_FORBIDDEN");
            noTokenCameOfIt();
            assertThat(homeserver.requests()).hasSize(asked);
        }
        try (TermsServer choosy = installation
                .start(WITHOUT_LIMITS + "signet.federation.homeservers: [example.org, \"" + homeserver.serverName()
                        + "\"]")) {
            choosy.post(REGISTER, homeserver.openId(mallory)).ok();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b+c%2F%00&access_token=x#?;/\\\"'<>", "\u00e9\ud83d\ude00\u202e", "\r\nHost: x\r\n\r\n",
        "\u0000", " ", "../../x", "%", "a&sub=b", "=&="})
    void isAskedForTheVeryTokenThatCame(String odd) {
        int asked = homeserver.requests().size();
        isRefused(server.post(REGISTER, openId(odd, homeserver.serverName().value())));
        List<RecordedRequest> requests = homeserver.requests().subList(asked, homeserver.requests().size());
        assertThat(requests).hasSize(1);
        RecordedRequest request = requests.getFirst();
        assertThat(request.path()).isEqualTo(USER_INFO);
        assertThat(request.query()).matches("access_token=[A-Za-z0-9%._*-]+");
        assertThat(request.parameter("access_token")).contains(odd);
        assertThat(request.headers()).doesNotContainKey("authorization");
    }

    // The longest token that is taken, in the characters that grow most on their way.
    @Test
    void isAskedForLongTokensOrNotAtAll() {
        assertThat(server.post(REGISTER, openId("x".repeat(4096), homeserver.serverName().value())).status())
                .isEqualTo(401);
        server.post(REGISTER, openId("\u6f22".repeat(4096), homeserver.serverName().value()));
        server.post(REGISTER, openId("x".repeat(4097), homeserver.serverName().value())).is(400, "M_INVALID_PARAM");
        isRefused(server.post(REGISTER, openId("", homeserver.serverName().value())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "localhost:0x50", "localhost:99999", "localhost:", ":8448", "localhost:8448/",
        "localhost/path", "localhost?x", "localhost#x", "user@localhost", "https://localhost", "localhost:8448@x",
        "local host", "localhost\r\nX: y", "localhost\u0000", "[::1", "::1", "[fe80::1%25eth0]", "%31", "-a.example",
        "a..b", "\u2488localhost", "localhost,x", "\u6f22.example"})
    void hasANameThatIsOne(String name) {
        int asked = homeserver.requests().size();
        server.post(REGISTER, openId("x", name)).is(400, "M_INVALID_PARAM");
        server.post(REGISTER, openId("x", "a".repeat(300))).is(400, "M_INVALID_PARAM");
        assertThat(homeserver.requests()).hasSize(asked);
        noTokenCameOfIt();
    }

    @Test
    void cannotLeadUsWhereStrangersMayNotGo() {
        int port = homeserver.serverName().port().orElseThrow();
        int asked = homeserver.requests().size();
        // Without the addresses that other tests allow.
        try (TermsServer strict = installation.start(WITHOUT_LIMITS + "signet.federation.allow-addresses: []")) {
            Stream.concat(ForbiddenAddresses.asHosts(), Stream.of("localhost", "ip6-localhost")).forEach(host -> {
                String name = host + ":" + port;
                Answer answer = strict.post(REGISTER, openId("x", name));
                if (ServerName.parse(name).isOk()) {
                    isUnreachable(answer);
                } else {
                    answer.is(400, "M_INVALID_PARAM");
                }
            });
        }
        assertThat(homeserver.requests()).hasSize(asked);
        noTokenCameOfIt();
    }
}
