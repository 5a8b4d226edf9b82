package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.kit.token.AccessToken;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static im.signet.terms.TermsServer.ACCOUNT;
import static im.signet.terms.TermsServer.LOGOUT;
import static im.signet.terms.TermsServer.REGISTER;
import static im.signet.terms.TermsServer.TERMS;
import static im.signet.terms.TermsServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** A user's client exchanges the homeserver's OpenID token for one of ours, uses it, and leaves. */
class RegisterAnAccountTest {

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;
    private static UserId alice;
    private static UserId bob;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start();
        homeserver = Installation.homeserver();
        alice = homeserver.register("alice");
        bob = homeserver.register("bob=2f./-_b");
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
    }

    @Test
    void answersTheTokenAndTheCopyThatOldClientsRead() {
        JsonObject answer = server.post(REGISTER, homeserver.openId(alice)).ok();
        assertThat(answer.members()).containsOnlyKeys("token", "access_token");
        assertThat(answer.string("token")).isEqualTo(answer.string("access_token"))
                .hasValueSatisfying(token -> assertThat(token).matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void tellsWhoseTheTokenIs() {
        for (UserId user : List.of(alice, bob)) {
            JsonObject account = server.account(server.tokenOf(homeserver, user)).ok();
            assertThat(account).isEqualTo(JsonObject.builder().put("user_id", user.value()).build());
        }
    }

    @Test
    void readsNoMoreOfTheOpenIdObjectThanItNeeds() {
        server.post(REGISTER, homeserver.openId(alice).without("expires_in", "token_type")).ok();
        server.post(REGISTER,
                homeserver.openId(alice).with("expires_in", JsonObject.of()).with("more", JsonObject.of()))
                .ok();
    }

    @Test
    void takesTheOpenIdObjectWhateverItsContentType() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
            server.post(REGISTER, StrictJson.write(homeserver.openId(alice)), "Content-Type", type).ok();
        }
    }

    @Test
    void looksAtNoBearerTokenToRegister() {
        server.post(REGISTER, homeserver.openId(alice), "Authorization", "Bearer of nonsense").ok();
    }

    @Test
    void givesEachRegistrationATokenOfItsOwn() {
        String phone = server.tokenOf(homeserver, alice);
        String laptop = server.tokenOf(homeserver, alice);
        assertThat(phone).isNotEqualTo(laptop);
        server.logout(phone).ok();
        server.account(phone).is(401, "M_UNAUTHORIZED");
        server.account(laptop).ok();
    }

    @Test
    void answersAnEmptyObjectToALogoutWithoutABody() {
        assertThat(server.logout(server.tokenOf(homeserver, alice)).ok()).isEqualTo(JsonObject.of());
    }

    @Test
    void endsTheTokenEverywhere() {
        String token = server.tokenOf(homeserver, alice);
        long before = installation.rows("access_token");
        server.logout(token).ok();
        server.account(token).is(401, "M_UNAUTHORIZED");
        server.logout(token).is(401, "M_UNAUTHORIZED");
        server.accept(token, "https://example.org/").is(401, "M_UNAUTHORIZED");
        assertThat(installation.rows("access_token")).isEqualTo(before - 1);
    }

    @ParameterizedTest
    @CsvSource({"GET," + ACCOUNT, "POST," + LOGOUT, "POST," + TERMS})
    void wantsATokenOfItsOwn(String method, String path) {
        Answer without = server.send(method, path, "").is(401, "M_UNAUTHORIZED");
        assertThat(without.header("WWW-Authenticate")).isEqualTo("Bearer");
        String openIdToken = homeserver.openId(alice).string("access_token").orElseThrow();
        for (String foreign : List.of(homeserver.accessToken(alice), openIdToken, alice.value(), "x".repeat(4096))) {
            server.send(method, path, "", "Authorization", "Bearer " + foreign).is(401, "M_UNAUTHORIZED");
        }
        String token = server.tokenOf(homeserver, alice);
        server.send(method, path + "?access_token=" + token, "").is(401, "M_UNAUTHORIZED");
        server.send(method, path, "", bearer(token + "x")).is(401, "M_UNAUTHORIZED");
        server.account(token).ok();
    }

    @Test
    void refusesAnOpenIdTokenThatTheHomeserverDoesNotKnow() {
        JsonObject openId = homeserver.openId(alice);
        server.post(REGISTER, openId.with("access_token", "openid_made_up"))
                .is(401, "M_UNAUTHORIZED");
    }

    @Test
    void storesTheHashOfATokenAndNothingElseOfIt() {
        JsonObject openId = homeserver.openId(alice);
        String token = server.post(REGISTER, openId).ok().string("token").orElseThrow();
        List<String> users = installation.texts("SELECT user_id FROM terms.access_token WHERE token_hash = ?",
                new AccessToken(token).hash());
        assertThat(users).containsExactly(alice.value());
        String everything = everythingStored();
        assertThat(everything).contains(alice.value())
                .doesNotContain(token)
                .doesNotContain(openId.string("access_token").orElseThrow());
    }

    // Each table of each schema of the service as text; what a bytea holds is shown as its characters.
    private static String everythingStored() {
        List<String> tables = installation
                .texts("""
                        SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)
                        FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')""");
        assertThat(tables).contains("terms.access_token");
        StringBuilder everything = new StringBuilder();
        for (String table : tables) {
            installation.texts("SELECT r::text FROM " + table + " r")
                    .forEach(row -> everything.append(table).append(row).append('\n'));
        }
        installation.texts("SELECT encode(token_hash, 'escape') FROM terms.access_token")
                .forEach(everything::append);
        return everything.toString();
    }
}
