package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.kit.token.AccessToken;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.UnpaddedBase64;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.nimbusds.jose.JWSObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Another service of the operator asks whose a token is, over HTTP, with a name and a secret of its own. */
class IntrospectionTest {

    private static final String INTROSPECT = "/_signet/terms/introspect";
    private static final String SECRET = "identity-secret-0123456789-abcdefghijkl";
    private static final String URL = "https://example.org/privacy-1.0-en.html";
    private static final String CALENDAR_URL = "https://example.org/calendar-1.0-en.html";
    private static final String CALENDAR_SECRET = "calendar-secret-0123456789-abcdefghijkl";
    private static final String SETTINGS = """
            signet:
              account.token-lifetime: 10d
              introspection.clients:
                identity.secret: %s
                calendar.secret: calendar-secret-0123456789-abcdefghijkl
              terms.policies:
                privacy_policy:
                  version: "1.0"
                  en: {name: Privacy Policy, url: "%s"}
                calendar_terms:
                  version: "1.0"
                  services: [calendar]
                  en: {name: Calendar, url: "%s"}
            """.formatted(SECRET, URL, CALENDAR_URL);

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;

    private static int users;

    private UserId alice;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start(SETTINGS);
        homeserver = Installation.homeserver();
    }

    @BeforeEach
    void register() {
        alice = homeserver.register("alice" + ++users);
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
    }

    private static String basic(String name, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static Answer ask(String authorization, String token, String... more) {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/x-www-form-urlencoded",
                "Authorization", authorization));
        headers.addAll(List.of(more));
        return server.post(INTROSPECT, "token_type_hint=access_token&token="
                + (token.contains("&im.signet") ? token : URLEncoder.encode(token, StandardCharsets.UTF_8)),
                headers.toArray(String[]::new));
    }

    private static JsonObject introspect(String token) {
        return ask(basic("identity", SECRET), token).ok();
    }

    private static List<String> outstanding(JsonObject answer) {
        return answer.array("im.signet.outstanding")
                .orElse(JsonArray.of(List.of()))
                .items()
                .stream()
                .map(id -> ((JsonString) id).value())
                .toList();
    }

    @Test
    void saysWhoseATokenIsAndWhatIsOutstanding() {
        String token = server.tokenOf(homeserver, alice);
        JsonObject before = introspect(token);
        assertThat(before.members()).containsKey("active");
        assertThat(before.string("sub")).contains(alice.value());
        assertThat(before.string("iss")).contains(Installation.PUBLIC_URL);
        assertThat(before.integer("exp").orElseThrow() - before.integer("iat").orElseThrow())
                .isEqualTo(Duration.ofDays(10).toSeconds());
        assertThat(outstanding(before)).containsExactly("privacy_policy");
        server.accept(token, URL).ok();
        assertThat(outstanding(introspect(token))).isEmpty();
    }

    @Test
    void saysNothingOfATokenThatIsNoneOrHasEnded() {
        String ended = server.tokenOf(homeserver, alice);
        server.logout(ended).ok();
        for (String token : List.of(ended, "nobodys", "\u00fc\0 &=", "x".repeat(4096), "")) {
            Answer answer = ask(basic("identity", SECRET), token);
            assertThat(answer.body()).as(token).isEqualTo("{\"active\":false}");
        }
    }

    @Test
    void asksOfEachServiceWhatThatOneRequires() {
        String token = server.tokenOf(homeserver, alice);
        String calendar = basic("calendar", CALENDAR_SECRET);
        assertThat(outstanding(ask(calendar, token).ok())).containsExactly("privacy_policy", "calendar_terms");
        server.accept(token, URL).ok();
        assertThat(outstanding(introspect(token))).isEmpty();
        assertThat(outstanding(ask(calendar, token).ok())).containsExactly("calendar_terms");
        assertThat(outstanding(ask(calendar, token + "&im.signet.service=identity").ok())).isEmpty();
        assertThat(server.account(token).status()).isEqualTo(200);
        server.accept(token, CALENDAR_URL).ok();
        assertThat(outstanding(ask(calendar, token).ok())).isEmpty();
    }

    @Test
    void knowsNoServiceThatNobodyNamed() {
        ask(basic("identity", SECRET), "x&im.signet.service=cellar").is(400, "M_INVALID_PARAM");
        Installation installation = Installation.fresh();
        assertThatThrownBy(() -> installation.start("""
                signet.terms.policies.privacy_policy:
                  version: "1"
                  services: [identity, cellar]
                  en: {name: P, url: "https://example.org/"}
                """)).hasStackTraceContaining("names a service that there is not: cellar");
    }

    @Test
    void letsNobodyTrySecretsForEver() {
        try (TermsServer server = Installation.fresh().start(SETTINGS + """
                signet.limits.introspection-failures-per-network: "3 then 3 per 1m"
                """)) {
            String[] wrong = {"Content-Type", "application/x-www-form-urlencoded", "Authorization",
                basic("identity", "wrong")};
            for (int i = 0; i < 3; i++) {
                server.post(INTROSPECT, "token=x", wrong).is(401, "M_UNAUTHORIZED");
            }
            assertThat(server.post(INTROSPECT, "token=x", wrong).status()).isEqualTo(429);
            assertThat(server.post(INTROSPECT, "token=x", "Content-Type", "application/x-www-form-urlencoded",
                    "Authorization", basic("identity", SECRET)).body()).as("the service itself is never held up")
                    .isEqualTo("{\"active\":false}");
        }
    }

    @Test
    void keepsATokenAliveThatIsAskedFor() {
        String token = server.tokenOf(homeserver, alice);
        String unused = server.tokenOf(homeserver, alice);
        installation.clock().move(Duration.ofDays(6));
        long lives = introspect(token).integer("exp").orElseThrow();
        assertThat(lives).isEqualTo(installation.clock().instant().plus(Duration.ofDays(10)).getEpochSecond());
        installation.clock().move(Duration.ofDays(6));
        assertThat(introspect(token).string("sub")).contains(alice.value());
        assertThat(introspect(unused).members()).hasSize(1);
    }

    @Test
    void signsTheAnswerForWhomItIsMeant() throws ParseException {
        String token = server.tokenOf(homeserver, alice);
        Answer answer = ask(basic("calendar", "calendar-secret-0123456789-abcdefghijkl"), token, "Accept",
                "application/json;q=0.5, application/token-introspection+jwt");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/token-introspection+jwt");
        JWSObject signed = JWSObject.parse(answer.body());
        assertThat(signed.getHeader().getType().toString()).isEqualTo("token-introspection+jwt");
        assertThat(server.get("/_signet/terms/jwks.json").body()).contains(signed.getHeader().getKeyID());
        JsonObject claims = StrictJson.parseObject(signed.getPayload().toString()).orElseThrow();
        assertThat(claims.string("iss")).contains(Installation.PUBLIC_URL);
        assertThat(claims.string("aud")).contains("calendar");
        assertThat(claims.integer("iat")).contains(installation.clock().instant().getEpochSecond());
        assertThat(claims.object("token_introspection").orElseThrow())
                .isEqualTo(ask(basic("calendar", CALENDAR_SECRET), token).ok());
        assertThat(claims.string("im.signet.service")).contains("calendar");
        assertThat(claims.string("im.signet.token_sha256"))
                .contains(UnpaddedBase64.encodeUrl(new AccessToken(token).hash()));
        // What is signed for one purpose must not serve another: a receipt has no such type and no audience.
        assertThat(claims.members()).doesNotContainKeys("sub", "exp");
    }

    @Test
    void answersServicesOnlyThatProveWhoTheyAre() {
        String token = server.tokenOf(homeserver, alice);
        for (String authorization : List.of(basic("identity", "wrong"), basic("identity", ""), basic("", SECRET),
                basic("calendar", SECRET), basic("nobody", SECRET), basic("identity", SECRET + "x"), "Basic", "Basic !",
                "Basic " + SECRET, "Bearer " + token, "Bearer " + SECRET, "Digest x")) {
            Answer answer = ask(authorization, token);
            answer.is(401, "M_UNAUTHORIZED");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Basic realm=\"introspection\"");
        }
        server.post(INTROSPECT, "token=" + token, "Content-Type", "application/x-www-form-urlencoded")
                .is(401, "M_UNAUTHORIZED");
    }

    @Test
    void takesATokenInTheBodyOnly() {
        String token = server.tokenOf(homeserver, alice);
        String[] identity = {"Authorization", basic("identity", SECRET)};
        server.post(INTROSPECT + "?token=" + token, "{}", identity).is(400, "M_MISSING_PARAMS");
        server.get(INTROSPECT + "?token=" + token, identity).is(405, "M_UNRECOGNIZED");
        assertThat(server.post(INTROSPECT, JsonObject.builder().put("token", token).build(), identity)
                .ok()
                .string("sub")).contains(alice.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity.secret: short", "identity.url: 'http://127.0.0.1:8092'",
        "identity.secret: 'with spaces and more than 32 characters'",
        "'[bad name!].secret': abcdefghijklmnopqrstuvwxyz0123456789"})
    void refusesSecretsThatAreNone(String client) {
        Installation installation = Installation.fresh();
        assertThatThrownBy(() -> installation.start("signet.introspection.clients:\n  " + client))
                .hasStackTraceContaining("signet.introspection");
    }

    @Test
    void answersNobodyUnlessTheOperatorNamedAService() {
        try (TermsServer server = Installation.fresh().start()) {
            server.post(INTROSPECT, "token=x", "Content-Type", "application/x-www-form-urlencoded", "Authorization",
                    basic("identity", "null")).is(401, "M_UNAUTHORIZED");
        }
    }
}
