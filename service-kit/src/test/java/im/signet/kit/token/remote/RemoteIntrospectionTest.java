package im.signet.kit.token.remote;

import im.signet.kit.SettableClock;
import im.signet.kit.peer.Peer;
import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection.Answer;
import im.signet.kit.web.ServiceName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Against a terms-service that answers whatever the test says, over HTTP. */
class RemoteIntrospectionTest {

    private static final String ISSUER = "https://id.example.org";
    private static final AccessToken TOKEN = new AccessToken("a-token-of-alice");
    private static final Answer ALICE = new Answer.Active(UserId.of("@alice:example.org"), false);

    private final SettableClock clock = new SettableClock();
    private final SigningKey first = key(1);
    private final SigningKey second = key(2);
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile List<SigningKey> published = List.of(first);
    private volatile SigningKey signing = first;
    private volatile int status = 200;
    private volatile Map<String, Object> introspection = active(List.of());
    private volatile Map<String, Object> header = new LinkedHashMap<>();
    private volatile Map<String, Object> claims = new LinkedHashMap<>();
    private volatile boolean hangs;
    private final AtomicInteger breaks = new AtomicInteger();
    private HttpServer server;
    private Peer peer;
    private RemoteIntrospection introspect;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/terms/_signet/terms/jwks.json", exchange -> {
            asked.add("keys");
            answer(exchange, 200, new JWKSet(published.stream().map(RemoteIntrospectionTest::jwk).toList()).toString());
        });
        server.createContext("/terms/_signet/terms/introspect", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + form);
            while (hangs) {
                sleep();
            }
            if (breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.close(); // without a word
                return;
            }
            answer(exchange, status, signed());
        });
        server.start();
        peer = new Peer(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/terms/"), "identity",
                "secret", Optional.empty(), Duration.ofSeconds(2), clock);
        introspect = new RemoteIntrospection(peer,
                new SignedAnswers(new TermsServiceKeys(peer, clock), ISSUER, "identity", clock),
                () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    }

    @AfterEach
    void stop() {
        hangs = false;
        peer.close();
        server.stop(0);
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static SigningKey key(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) (100 + seed));
        return SigningKey.fromSeed(KeyId.of("ed25519:jws"), bytes);
    }

    private static JWK jwk(SigningKey key) {
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key.verifyKey().toBytes())).keyID(idOf(key))
                .build();
    }

    private static String idOf(SigningKey key) {
        return key.verifyKey().encoded().substring(0, 8).replace('/', '_').replace('+', '-');
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Map<String, Object> active(List<String> outstanding) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        answer.put("sub", "@alice:example.org");
        answer.put("exp", clock.instant().plus(Duration.ofDays(1)).getEpochSecond());
        answer.put("im.signet.outstanding", outstanding);
        return answer;
    }

    private String signed() {
        Map<String, Object> head = new LinkedHashMap<>(Map.of("alg", "EdDSA", "typ", "token-introspection+jwt", "kid",
                idOf(signing)));
        merge(head, header);
        Map<String, Object> body = new LinkedHashMap<>(Map.of("iss", ISSUER, "aud", "identity", "iat",
                clock.instant().getEpochSecond(), "im.signet.token_sha256", UnpaddedBase64.encodeUrl(TOKEN.hash()),
                "im.signet.service", "identity", "token_introspection", introspection));
        merge(body, claims);
        String input = base64(JSONObjectUtils.toJSONString(head)) + "." + base64(JSONObjectUtils.toJSONString(body));
        return input + "." + Base64URL.encode(signing.sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void merge(Map<String, Object> into, Map<String, Object> changes) {
        changes.forEach((name, value) -> {
            if (value.equals("absent")) {
                into.remove(name);
            } else {
                into.put(name, value);
            }
        });
    }

    private static Base64URL base64(String text) {
        return Base64URL.encode(text);
    }

    private Answer ask() {
        return introspect.introspect(TOKEN, ServiceName.IDENTITY);
    }

    private long introspections() {
        return asked.stream().filter(request -> !request.equals("keys")).count();
    }

    @Test
    void asksUnderItsNameForTheService() {
        assertThat(ask()).isEqualTo(ALICE);
        assertThat(asked.getFirst()).isEqualTo("Basic aWRlbnRpdHk6c2VjcmV0 token=a-token-of-alice&im.signet.service="
                + "identity");
    }

    @Test
    void keepsAGoodAnswerForFiveSecondsAtMost() {
        ask();
        clock.move(Duration.ofMillis(4999));
        assertThat(ask()).isEqualTo(ALICE);
        assertThat(introspections()).isEqualTo(1);
        introspection = Map.of("active", false);
        clock.move(Duration.ofMillis(1));
        assertThat(ask()).isEqualTo(new Answer.Inactive());
        assertThat(introspections()).isEqualTo(2);
    }

    @Test
    void keepsNoOtherAnswer() {
        introspection = active(List.of("privacy_policy"));
        assertThat(ask()).isEqualTo(new Answer.Active(UserId.of("@alice:example.org"), true));
        introspection = Map.of("active", false);
        assertThat(ask()).isEqualTo(new Answer.Inactive());
        status = 500;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
        status = 200;
        introspection = active(List.of());
        assertThat(ask()).as("nobody is refused who has just accepted").isEqualTo(ALICE);
    }

    @Test
    void takesTheAnswerForOneServiceForNoOther() {
        ask();
        assertThat(introspect.introspect(TOKEN, ServiceName.NAMES)).isEqualTo(new Answer.Unavailable());
        claims = Map.of("im.signet.service", "names");
        assertThat(introspect.introspect(TOKEN, ServiceName.NAMES)).isEqualTo(ALICE);
        assertThat(introspections()).isEqualTo(3);
    }

    static Stream<Map<String, Object>> lies() {
        return Stream.of(Map.of("iss", "https://evil.example"), Map.of("iss", "absent"), Map.of("aud", "calendar"),
                Map.of("aud", "absent"), Map.of("aud", List.of("identity", "calendar")), Map.of("iat", 1),
                Map.of("iat", "absent"), Map.of("iat", "now"), Map.of("im.signet.token_sha256", "absent"),
                Map.of("im.signet.token_sha256",
                        UnpaddedBase64.encodeUrl(new AccessToken("a-token-of-bob").hash())),
                Map.of("im.signet.token_sha256", 7), Map.of("im.signet.service", "names"),
                Map.of("im.signet.service", "absent"), Map.of("token_introspection", "absent"),
                Map.of("token_introspection", "yes"), Map.of("token_introspection", Map.of()),
                Map.of("token_introspection", Map.of("active", "true")),
                Map.of("token_introspection", Map.of("active", true)),
                Map.of("token_introspection",
                        Map.of("active", true, "exp", 1e12, "im.signet.outstanding", List.of(), "sub", "alice")),
                Map.of("token_introspection",
                        Map.of("active", true, "exp", 1e12, "im.signet.outstanding", "none", "sub", "@a:b.example")),
                Map.of("token_introspection",
                        Map.of("active", true, "exp", 1e12, "sub", "@alice:example.org")));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void believesNoAnswerToAnotherQuestion(Map<String, Object> lie) {
        claims = lie;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
    }

    static Stream<Map<String, Object>> headers() {
        return Stream.of(Map.of("alg", "none"), Map.of("alg", "HS256"), Map.of("alg", "Ed25519"),
                Map.of("typ", "absent"),
                Map.of("typ", "JWT"), Map.of("typ", "signet-receipt+jwt"), Map.of("kid", "absent"),
                Map.of("kid", "other"), Map.of("crit", List.of("exp"), "exp", 1));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void believesNothingThatIsSignedInAnotherWay(Map<String, Object> change) {
        header = change;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
    }

    @Test
    void believesNoKeyThatIsNotPublished() {
        signing = second;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
        header = Map.of("kid", idOf(first));
        assertThat(ask()).as("under the name of a published one").isEqualTo(new Answer.Unavailable());
    }

    @Test
    void noticesARotationWithTheFirstAnswerItSigns() {
        ask();
        clock.move(Duration.ofSeconds(6));
        published = List.of(first, second);
        signing = second;
        assertThat(ask()).isEqualTo(ALICE);
        clock.move(Duration.ofSeconds(6));
        assertThat(ask()).isEqualTo(ALICE);
        assertThat(asked.stream().filter("keys"::equals)).hasSize(2);
    }

    @Test
    void soonBelievesNoKeyThatWasTakenOut() {
        ask();
        published = List.of(second);
        clock.move(Duration.ofMinutes(5));
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
    }

    @Test
    void asksForKeysOnceASecondAtMost() {
        signing = second;
        for (int i = 0; i < 20; i++) {
            ask();
        }
        assertThat(asked.stream().filter("keys"::equals)).hasSize(1);
    }

    @Test
    void takesATokenThatHasRunOutForNone() {
        introspection = new LinkedHashMap<>(active(List.of()));
        introspection.put("exp", clock.instant().minus(Duration.ofMinutes(2)).getEpochSecond());
        assertThat(ask()).isEqualTo(new Answer.Inactive());
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 400, 401, 403, 404, 429, 500, 502, 503})
    void letsNobodyInWhateverElseIsAnswered(int other) {
        status = other;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
    }

    @Test
    void waitsForNobodyForLong() {
        hangs = true;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
    }

    @Test
    void leavesAFailingOneAloneForASecond() {
        status = 500;
        for (int i = 0; i < 10; i++) {
            ask();
        }
        long before = introspections();
        status = 200;
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
        assertThat(introspections()).isEqualTo(before);
        clock.move(Duration.ofMillis(1001));
        assertThat(ask()).isEqualTo(ALICE);
    }

    // As after a restart of the terms-service: what was kept open is closed just when it is used.
    @Test
    void asksOnceMoreWhereAConnectionBreaks() {
        breaks.set(1);
        assertThat(ask()).isEqualTo(ALICE);
        assertThat(introspections()).isEqualTo(2);
        clock.move(Duration.ofSeconds(6));
        breaks.set(2);
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
        assertThat(introspections()).isEqualTo(4);
    }

    @Test
    void asksNobodyForATokenThatCanBeNone() {
        assertThat(introspect.introspect(new AccessToken("x".repeat(513)), ServiceName.IDENTITY))
                .isEqualTo(new Answer.Inactive());
        assertThat(asked).isEmpty();
    }

    @Test
    void answersNothingOnceTheServiceIsGone() {
        server.stop(0);
        assertThat(ask()).isEqualTo(new Answer.Unavailable());
    }
}
