package im.signet.standalone;

import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
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
                        "POST /_signet/invitation/never", "GET /_signet/terms/x/x/x", "GET /_signet/page.css",
                        "GET /_signet/terms/x/x/x/source", "GET /_signet/terms/jwks.json",
                        // A service's name and secret are looked for inside.
                        "POST /_signet/terms/introspect");
    }

    @Test
    void asksEverybodyElseForAToken() {
        for (Endpoint endpoint : endpoints()) {
            for (String token : List.of("", "wrong", "x".repeat(3000))) {
                Town.Reply reply = call(endpoint, token);
                if (endpoint.is(NeedsToken.class)) {
                    assertThat(reply.status()).as(endpoint.toString()).isEqualTo(401);
                    assertThat(reply.errcode()).as(endpoint.toString()).isEqualTo("M_UNAUTHORIZED");
                } else {
                    assertThat(reply.status()).as(endpoint.toString()).isNotIn(401, 403, 500);
                }
            }
        }
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
                "GET /_signet/terms/receipts");
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
