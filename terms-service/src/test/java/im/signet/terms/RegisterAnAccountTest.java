package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.kit.token.AccessToken;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.List;

import org.junit.jupiter.api.AfterAll;
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

    private static final Installation INSTALLATION = Installation.fresh();
    private static final TermsServer SERVER = INSTALLATION.start();
    private static final DemoHomeserver HOMESERVER = Installation.homeserver();
    private static final UserId ALICE = HOMESERVER.register("alice");
    private static final UserId BOB = HOMESERVER.register("bob=2f./-_b");

    @AfterAll
    static void stop() {
        SERVER.close();
        HOMESERVER.close();
    }

    @Test
    void answersTheTokenAndTheCopyThatOldClientsRead() {
        JsonObject answer = SERVER.post(REGISTER, HOMESERVER.openId(ALICE)).ok();
        assertThat(answer.members()).containsOnlyKeys("token", "access_token");
        assertThat(answer.string("token")).isEqualTo(answer.string("access_token"))
                .hasValueSatisfying(token -> assertThat(token).matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void tellsWhoseTheTokenIs() {
        for (UserId user : List.of(ALICE, BOB)) {
            JsonObject account = SERVER.account(SERVER.tokenOf(HOMESERVER, user)).ok();
            assertThat(account).isEqualTo(JsonObject.builder().put("user_id", user.value()).build());
        }
    }

    @Test
    void readsNoMoreOfTheOpenIdObjectThanItNeeds() {
        SERVER.post(REGISTER, HOMESERVER.openId(ALICE).without("expires_in", "token_type")).ok();
        SERVER.post(REGISTER,
                HOMESERVER.openId(ALICE).with("expires_in", JsonObject.of()).with("more", JsonObject.of()))
                .ok();
    }

    @Test
    void takesTheOpenIdObjectWhateverItsContentType() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
            SERVER.post(REGISTER, StrictJson.write(HOMESERVER.openId(ALICE)), "Content-Type", type).ok();
        }
    }

    @Test
    void looksAtNoBearerTokenToRegister() {
        SERVER.post(REGISTER, HOMESERVER.openId(ALICE), "Authorization", "Bearer of nonsense").ok();
    }

    @Test
    void givesEachRegistrationATokenOfItsOwn() {
        String phone = SERVER.tokenOf(HOMESERVER, ALICE);
        String laptop = SERVER.tokenOf(HOMESERVER, ALICE);
        assertThat(phone).isNotEqualTo(laptop);
        SERVER.logout(phone).ok();
        SERVER.account(phone).is(401, "M_UNAUTHORIZED");
        SERVER.account(laptop).ok();
    }

    @Test
    void answersAnEmptyObjectToALogoutWithoutABody() {
        assertThat(SERVER.logout(SERVER.tokenOf(HOMESERVER, ALICE)).ok()).isEqualTo(JsonObject.of());
    }

    @Test
    void endsTheTokenEverywhere() {
        String token = SERVER.tokenOf(HOMESERVER, ALICE);
        long before = INSTALLATION.rows("access_token");
        SERVER.logout(token).ok();
        SERVER.account(token).is(401, "M_UNAUTHORIZED");
        SERVER.logout(token).is(401, "M_UNAUTHORIZED");
        SERVER.accept(token, "https://example.org/").is(401, "M_UNAUTHORIZED");
        assertThat(INSTALLATION.rows("access_token")).isEqualTo(before - 1);
    }

    @ParameterizedTest
    @CsvSource({"GET," + ACCOUNT, "POST," + LOGOUT, "POST," + TERMS})
    void wantsATokenOfItsOwn(String method, String path) {
        Answer without = SERVER.send(method, path, "").is(401, "M_UNAUTHORIZED");
        assertThat(without.header("WWW-Authenticate")).isEqualTo("Bearer");
        String openIdToken = HOMESERVER.openId(ALICE).string("access_token").orElseThrow();
        for (String foreign : List.of(HOMESERVER.accessToken(ALICE), openIdToken, ALICE.value(), "x".repeat(4096))) {
            SERVER.send(method, path, "", "Authorization", "Bearer " + foreign).is(401, "M_UNAUTHORIZED");
        }
        String token = SERVER.tokenOf(HOMESERVER, ALICE);
        SERVER.send(method, path + "?access_token=" + token, "").is(401, "M_UNAUTHORIZED");
        SERVER.send(method, path, "", bearer(token + "x")).is(401, "M_UNAUTHORIZED");
        SERVER.account(token).ok();
    }

    @Test
    void refusesAnOpenIdTokenThatTheHomeserverDoesNotKnow() {
        JsonObject openId = HOMESERVER.openId(ALICE);
        SERVER.post(REGISTER, openId.with("access_token", "openid_made_up"))
                .is(401, "M_UNAUTHORIZED");
    }

    @Test
    void storesTheHashOfATokenAndNothingElseOfIt() {
        JsonObject openId = HOMESERVER.openId(ALICE);
        String token = SERVER.post(REGISTER, openId).ok().string("token").orElseThrow();
        List<String> users = INSTALLATION.texts("SELECT user_id FROM terms.access_token WHERE token_hash = ?",
                new AccessToken(token).hash());
        assertThat(users).containsExactly(ALICE.value());
        String everything = everythingStored();
        assertThat(everything).contains(ALICE.value())
                .doesNotContain(token)
                .doesNotContain(openId.string("access_token").orElseThrow());
    }

    // Each table of each schema of the service as text; what a bytea holds is shown as its characters.
    private static String everythingStored() {
        List<String> tables = INSTALLATION
                .texts("""
                        SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)
                        FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')""");
        assertThat(tables).contains("terms.access_token");
        StringBuilder everything = new StringBuilder();
        for (String table : tables) {
            INSTALLATION.texts("SELECT r::text FROM " + table + " r")
                    .forEach(row -> everything.append(table).append(row).append('\n'));
        }
        INSTALLATION.texts("SELECT encode(token_hash, 'escape') FROM terms.access_token")
                .forEach(everything::append);
        return everything.toString();
    }
}
