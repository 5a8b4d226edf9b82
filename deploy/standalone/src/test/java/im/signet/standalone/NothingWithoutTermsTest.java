package im.signet.standalone;

import im.signet.kit.token.AccessToken;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/** Walks every mapping of the running server: what opens it, and what does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NothingWithoutTermsTest {

    private Town town;

    @BeforeAll
    void start() {
        town = Town.start(Map.of());
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private record Endpoint(String method, String path, HandlerMethod handler) {

        boolean is(Class<? extends java.lang.annotation.Annotation> annotation) {
            return handler.hasMethodAnnotation(annotation);
        }

        boolean isExempt() {
            NeedsToken needsToken = handler.getMethodAnnotation(NeedsToken.class);
            return needsToken != null && needsToken.termsMayBeOutstanding();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        town.server()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> {
                    Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
                    for (String path : mapping.getPatternValues()) {
                        for (RequestMethod method : methods) {
                            // Some are told apart by a parameter in the query.
                            String query = mapping.getParamsCondition().isEmpty() ? "" : "?token=x";
                            endpoints.add(
                                    new Endpoint(method.name(), path.replaceAll("\\{[^}]+}", "x") + query, handler));
                        }
                    }
                });
        assertThat(endpoints).hasSizeGreaterThan(12);
        return endpoints;
    }

    private Town.Reply call(Endpoint endpoint, String token) {
        return town.send(endpoint.method(), endpoint.path(), token, "", "application/json");
    }

    @Test
    void declaresForEveryMappingWhoMayCallIt() {
        assertThat(endpoints()).allMatch(endpoint -> endpoint.is(OpenToAll.class) != endpoint.is(NeedsToken.class));
    }

    @Test
    void leavesOpenWhatThisListSaysAndNothingElse() {
        assertThat(endpoints().stream().filter(endpoint -> endpoint.is(OpenToAll.class)).map(Endpoint::toString))
                .containsExactlyInAnyOrder("GET /_matrix/identity/versions", "GET /_matrix/identity/v2",
                        "POST /_matrix/identity/v2/account/register", "GET /_matrix/identity/v2/terms",
                        "GET /_matrix/identity/v2/pubkey/x", "GET /_matrix/identity/v2/pubkey/isvalid",
                        "GET /_matrix/identity/v2/pubkey/ephemeral/isvalid",
                        // The signature of a homeserver, or a session, is looked for inside.
                        "POST /_matrix/identity/v2/3pid/unbind",
                        // The private key in the query is the credential.
                        "POST /_matrix/identity/v2/sign-ed25519?token=x", "POST /_matrix/identity/api/v1/sign-ed25519",
                        "GET /_matrix/identity/v2/validate/email/submitToken",
                        "GET /_matrix/identity/v2/validate/msisdn/submitToken", "POST /_signet/validate/confirm",
                        "POST /_signet/validate/disown", "GET /_signet/invitation", "GET /_signet/invitation/never",
                        "POST /_signet/invitation/never", "GET /_signet/terms", "GET /_signet/terms/x",
                        "GET /_signet/terms/x/x", "GET /_signet/terms/x/x/x", "GET /_signet/page.css",
                        "GET /_signet/terms/x/x/x/source", "GET /_signet/terms/jwks.json",
                        // A service's name and secret are looked for inside.
                        "POST /_signet/terms/introspect",
                        // A secret in the link or in the form is looked for inside.
                        "GET /_signet/terms/manage", "POST /_signet/terms/manage/open",
                        "POST /_signet/terms/manage/view", "POST /_signet/terms/manage/receipts",
                        "POST /_signet/terms/manage/token/end", "POST /_signet/terms/manage/token/others",
                        "POST /_signet/terms/manage/end", "POST /_signet/terms/manage/end/send",
                        "POST /_signet/terms/manage/end/confirm", "GET /_signet/terms/end",
                        "POST /_signet/terms/end/confirm",
                        // What is said of handles is for everybody, one by one.
                        "GET /_signet/ns/v1/handles/x", "GET /_signet/ns/v1/identities/x", "GET /.well-known/signet",
                        "GET /.well-known/webfinger", "GET /h/x", "GET /c");
    }

    /** Tokens that open nothing, by what is wrong with them. */
    private Map<String, String> deadTokens() {
        UserId user = town.homeserver.register("departed");
        String expired = signedIn(user);
        jdbc().sql("UPDATE terms.access_token SET expires_at = now() - interval '1 second' WHERE token_hash = :hash")
                .param("hash", new AccessToken(expired).hash())
                .update();
        String revoked = signedIn(user);
        assertThat(town.post("/_matrix/identity/v2/account/logout", revoked, "").status()).isEqualTo(200);
        String living = signedIn(user);
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("none", "");
        tokens.put("malformed", "wrong");
        tokens.put("too long", "x".repeat(3000));
        tokens.put("of another server", AccessToken.generate(new SecureRandom()).value());
        tokens.put("of the homeserver", town.homeserver.accessToken(user));
        tokens.put("expired", expired);
        tokens.put("revoked", revoked);
        tokens.put("shortened", living.substring(0, living.length() - 1));
        tokens.put("in another case", swapCase(living));
        return tokens;
    }

    private String signedIn(UserId user) {
        String token = town.register(user);
        town.acceptTerms(token);
        assertThat(town.get("/_matrix/identity/v2/account", token).status()).isEqualTo(200);
        return token;
    }

    private static String swapCase(String token) {
        return token.chars()
                .mapToObj(c -> Character.toString(
                        Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)))
                .collect(Collectors.joining());
    }

    private JdbcClient jdbc() {
        return town.server().getBean(JdbcClient.class);
    }

    @Test
    void asksEverybodyElseForALivingToken() {
        deadTokens().forEach((what, token) -> {
            for (Endpoint endpoint : endpoints()) {
                Town.Reply reply = call(endpoint, token);
                if (endpoint.is(NeedsToken.class)) {
                    assertThat(reply.status()).as(endpoint + " with a token: " + what).isEqualTo(401);
                    assertThat(reply.errcode()).as(endpoint.toString()).isEqualTo("M_UNAUTHORIZED");
                } else {
                    assertThat(reply.status()).as(endpoint.toString()).isNotIn(401, 403, 500);
                }
            }
        });
    }

    /** Boot CVE-2026-40976, -22731, -22733, Security CVE-2026-22753, -22754: what decided was not what answered. */
    @Test
    void decidesAlikeHoweverAPathIsSpelled() {
        String signed = signedIn(town.homeserver.register("speller"));
        int refused = 0;
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.is(NeedsToken.class) && !endpoint.path().contains("logout")) {
                for (String spelling : spellings(endpoint.path())) {
                    int stranger = raw(endpoint.method(), spelling, "");
                    assertThat(stranger).as(endpoint.method() + " " + spelling).isIn(400, 401, 404, 405);
                    if (stranger != 401) {
                        refused++;
                        assertThat(raw(endpoint.method(), spelling, signed)).as(endpoint.method() + " " + spelling)
                                .isEqualTo(stranger);
                    }
                }
            }
        }
        assertThat(refused).as("spellings that nobody is served by").isPositive();
    }

    private static List<String> spellings(String path) {
        int last = path.lastIndexOf('/');
        String head = path.substring(0, last);
        String tail = path.substring(last + 1);
        List<String> spellings = new ArrayList<>(List.of("/" + path, head + "//" + tail, head + "/./" + tail,
                head + "/x/../" + tail, head + "/%2e/" + tail, head + "/x/%2e%2e/" + tail, head + "%2f" + tail,
                head + "/%" + Integer.toHexString(tail.charAt(0)) + tail.substring(1), head + "/;a=b/" + tail,
                head + ";a=b/" + tail, head + "/" + tail.toUpperCase(Locale.ROOT), head + "/" + tail + "/",
                head + "/" + tail + ";a=b", head + "/" + tail + "%00", head + "/" + tail + "%20",
                head + "/" + tail + ".json", head + "/" + tail + "%0a", head + "/" + tail + "%5c", head + "%5c" + tail,
                head + "/%25" + Integer.toHexString(tail.charAt(0)) + tail.substring(1), "/x/.." + path,
                "http://id.example.org" + path, path + "?access_token="));
        return spellings;
    }

    /** Sends a request line as it is and returns the status. */
    private int raw(String method, String target, String token) {
        String port = String.valueOf(town.server().getEnvironment().getProperty("local.server.port"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((method + " " + target + " HTTP/1.1\r\nHost: id.example.org\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 0\r\n"
                            + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 ");
            return Integer.parseInt(answer.substring(9, 12));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client that is told 401 throws its token away. */
    @Test
    void blamesNoTokenThatItCannotCheck() {
        String signed = signedIn(town.homeserver.register("patient"));
        jdbc().sql("ALTER TABLE terms.access_token RENAME TO access_token_elsewhere").update();
        try {
            Town.Reply reply = town.get("/_matrix/identity/v2/account", signed);
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.errcode()).isEqualTo("M_UNKNOWN");
            assertThat(reply.headers()).containsEntry("access-control-allow-origin", "*");
        } finally {
            jdbc().sql("ALTER TABLE terms.access_token_elsewhere RENAME TO access_token").update();
        }
        assertThat(town.get("/_matrix/identity/v2/account", signed).status()).isEqualTo(200);
    }

    @Test
    void asksWhoDidNotAcceptForTheTerms() {
        String token = town.register(town.homeserver.register("unsigned"));
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.is(NeedsToken.class) && !endpoint.isExempt()) {
                Town.Reply reply = call(endpoint, token);
                assertThat(reply.status()).as(endpoint.toString()).isEqualTo(403);
                assertThat(reply.errcode()).as(endpoint.toString()).isEqualTo("M_TERMS_NOT_SIGNED");
            }
        }
        assertThat(endpoints().stream().filter(Endpoint::isExempt).map(Endpoint::toString)).containsExactlyInAnyOrder(
                "POST /_matrix/identity/v2/terms", "POST /_matrix/identity/v2/account/logout",
                "GET /_signet/terms/receipts", "GET /_signet/terms/tokens", "DELETE /_signet/terms/tokens/x",
                "POST /_signet/terms/tokens/end_all", "POST /_signet/terms/manage",
                // Tells whether there are terms to accept; and who leaves, or throws a thief out, needs accept nothing.
                "POST /_signet/ns/v1/challenges", "PUT /_signet/ns/v1/bindings/x/x",
                "PUT /_signet/ns/v1/identities/x/ops/x",
                // And before who leaves a restored server can leave it, they show their chain.
                "POST /_signet/ns/v1/identities/x/chain");
    }

    @Test
    void letsWhoRefusesTheTermsLeave() {
        String token = town.register(town.homeserver.register("leaver"));
        assertThat(town.post("/_matrix/identity/v2/account/logout", token, "").status()).isEqualTo(200);
        assertThat(town.get("/_matrix/identity/v2/account", token).status()).isEqualTo(401);
    }

    @Test
    void letsTheVeryNextRequestPassOnceTheyAreAccepted() {
        String token = town.register(town.homeserver.register("signer"));
        assertThat(town.get("/_matrix/identity/v2/account", token).status()).isEqualTo(403);
        town.acceptTerms(token);
        assertThat(town.get("/_matrix/identity/v2/account", token).json().string("user_id"))
                .contains("@signer:" + town.homeserver.serverName());
    }

    @Test
    void servesNoActuatorAndNoFiles() {
        for (String path : List.of("/actuator", "/actuator/health", "/actuator/env", "/actuator/heapdump", "/health",
                "/index.html", "/static/x", "/application.yaml", "/META-INF/MANIFEST.MF", "/webjars/x", "/h2-console",
                "/login", "/logout")) {
            assertThat(town.get(path, "").status()).as(path).isEqualTo(404);
        }
    }
}
