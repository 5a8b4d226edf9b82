package im.signet.terms;

import im.signet.demo.DemoHomeserver;

import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.terms.TermsServer.ACCOUNT;
import static im.signet.terms.TermsServer.LOGOUT;
import static im.signet.terms.TermsServer.REGISTER;
import static im.signet.terms.TermsServer.TERMS;
import static im.signet.terms.TermsServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Requests that no honest client sends: each has its status and its errcode, and leaves nothing behind. */
class HostileRequestsTest {

    private static final String POLICY = "https://example.org/privacy-1.0-en.html";
    private static final Installation INSTALLATION = Installation.fresh();
    private static final TermsServer SERVER = INSTALLATION.start("""
            signet.terms.policies:
              privacy_policy:
                version: "1.0"
                en: {name: Privacy Policy, url: "https://example.org/privacy-1.0-en.html"}
            """);
    private static final DemoHomeserver HOMESERVER = Installation.homeserver();
    private static final String TOKEN = SERVER.tokenOf(HOMESERVER, HOMESERVER.register("mallory"));
    private static final int ASKED = HOMESERVER.requests().size();

    @AfterEach
    void leavesNothingBehind() {
        assertThat(INSTALLATION.rows("access_token")).isEqualTo(1);
        assertThat(INSTALLATION.rows("acceptance")).isZero();
        assertThat(HOMESERVER.requests()).hasSize(ASKED);
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        HOMESERVER.close();
    }

    static Stream<Arguments> bodiesThatAreNoObject() {
        return Stream.of(arguments("", 400, "M_NOT_JSON"), arguments("{", 400, "M_NOT_JSON"),
                arguments("{\"a\":1,}", 400, "M_NOT_JSON"), arguments("{}{}", 400, "M_NOT_JSON"),
                arguments("{'a':1}", 400, "M_NOT_JSON"), arguments("a=b&c=d", 400, "M_NOT_JSON"),
                arguments("{\"a\":1,\"a\":1}", 400, "M_NOT_JSON"), arguments("{\"a\":1e400}", 400, "M_NOT_JSON"),
                arguments("{\"a\":\"\\ud800\"}", 400, "M_NOT_JSON"), arguments("\uFEFF{}", 400, "M_NOT_JSON"),
                arguments("{\"a\":" + "[".repeat(200_000), 400, "M_NOT_JSON"),
                arguments("<a/>", 400, "M_NOT_JSON"), arguments("\u0000", 400, "M_NOT_JSON"),
                arguments("[]", 400, "M_BAD_JSON"), arguments("null", 400, "M_BAD_JSON"),
                arguments("\"a\"", 400, "M_BAD_JSON"), arguments("0", 400, "M_BAD_JSON"),
                arguments("{\"a\":\"" + "x".repeat(512 * 1024) + "\"}", 413, "M_TOO_LARGE"));
    }

    @ParameterizedTest
    @MethodSource("bodiesThatAreNoObject")
    void takesNothingButAnObject(String body, int status, String errcode) {
        SERVER.post(REGISTER, body).is(status, errcode);
        SERVER.post(TERMS, body, bearer(TOKEN)).is(status, errcode);
    }

    @ParameterizedTest
    @MethodSource("bodiesThatAreNoObject")
    void asksForTheTokenBeforeItLooksAtTheBody(String body) {
        SERVER.post(TERMS, body).is(401, "M_UNAUTHORIZED");
        SERVER.post(LOGOUT, body).is(401, "M_UNAUTHORIZED");
        SERVER.post(TERMS, body, bearer("nonsense")).is(401, "M_UNAUTHORIZED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}|M_MISSING_PARAMS",
        "{\"access_token\":\"x\"}|M_MISSING_PARAMS",
        "{\"matrix_server_name\":\"example.org\"}|M_MISSING_PARAMS",
        "{\"Access_token\":\"x\",\"matrix_server_name\":\"example.org\"}|M_MISSING_PARAMS",
        "{\"access_token\":1,\"matrix_server_name\":\"localhost\"}|M_INVALID_PARAM",
        "{\"access_token\":null,\"matrix_server_name\":\"localhost\"}|M_INVALID_PARAM",
        "{\"access_token\":[\"x\"],\"matrix_server_name\":\"localhost\"}|M_INVALID_PARAM",
        "{\"access_token\":{},\"matrix_server_name\":\"localhost\"}|M_INVALID_PARAM",
        "{\"access_token\":\"x\",\"matrix_server_name\":1}|M_INVALID_PARAM",
        "{\"access_token\":\"x\",\"matrix_server_name\":null}|M_INVALID_PARAM",
        "{\"access_token\":\"x\",\"matrix_server_name\":[\"localhost\"]}|M_INVALID_PARAM",
        "{\"access_token\":\"x\",\"matrix_server_name\":{\"a\":true}}|M_INVALID_PARAM",
        "{\"access_token\":\"x\",\"matrix_server_name\":\"localhost\",\"token_type\":1}|M_INVALID_PARAM",
        "{\"access_token\":\"x\",\"matrix_server_name\":\"localhost\",\"token_type\":null}|M_INVALID_PARAM"})
    void takesOpenIdObjectsOnly(String body, String errcode) {
        SERVER.post(REGISTER, body).is(400, errcode);
    }

    @Test
    void namesEveryParameterThatIsMissing() {
        assertThat(SERVER.post(REGISTER, "{}").is(400, "M_MISSING_PARAMS").body()).contains("access_token")
                .contains("matrix_server_name");
        assertThat(SERVER.post(TERMS, "{}", bearer(TOKEN)).is(400, "M_MISSING_PARAMS").body())
                .contains("user_accepts");
    }

    @Test
    void repeatsNothingOfWhatCame() {
        String body = "{\"access_token\":\"seen<b>\",\"matrix_server_name\":\"seen<b>\"}";
        assertThat(SERVER.post(REGISTER, body).is(400, "M_INVALID_PARAM").body()).doesNotContain("seen");
        assertThat(SERVER.get("/_matrix/identity/v2/seen").is(404, "M_UNRECOGNIZED").body()).doesNotContain("seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"user_accepts\":null}", "{\"user_accepts\":\"" + POLICY + "\"}", "{\"user_accepts\":1}",
        "{\"user_accepts\":{\"0\":\"" + POLICY + "\"}}", "{\"user_accepts\":[1]}", "{\"user_accepts\":[null]}",
        "{\"user_accepts\":[[\"" + POLICY + "\"]]}", "{\"user_accepts\":[\"" + POLICY + "\",{}]}",
        "{\"user_accepts\":[\"" + POLICY + "\",true]}"})
    void takesAListOfUrlsOnlyAndAllOfItOrNothing(String body) {
        SERVER.post(TERMS, body, bearer(TOKEN)).is(400, "M_INVALID_PARAM");
    }

    @Test
    void takesNoEndlessListsAndUrls() {
        String longUrl = "\"" + POLICY + "\",\"https://example.org/" + "x".repeat(2048) + "\"";
        SERVER.post(TERMS, "{\"user_accepts\":[" + longUrl + "]}", bearer(TOKEN)).is(400, "M_INVALID_PARAM");
        String manyUrls = "\"" + POLICY + "\"" + ",\"a\"".repeat(1000);
        SERVER.post(TERMS, "{\"user_accepts\":[" + manyUrls + "]}", bearer(TOKEN)).is(400, "M_TOO_LARGE");
    }

    // What is in the query of a POST is nobody's parameter.
    @Test
    void takesParametersFromTheBodyOnly() {
        String query = "?access_token=x&matrix_server_name=localhost&user_accepts=" + POLICY;
        SERVER.post(REGISTER + query, "{}").is(400, "M_MISSING_PARAMS");
        SERVER.post(TERMS + query, "{}", bearer(TOKEN)).is(400, "M_MISSING_PARAMS");
    }

    @ParameterizedTest
    @CsvSource({"GET," + REGISTER, "PUT," + REGISTER, "DELETE," + REGISTER, "POST," + ACCOUNT, "DELETE," + ACCOUNT,
        "GET," + LOGOUT, "PUT," + LOGOUT, "PUT," + TERMS, "PATCH," + TERMS, "DELETE," + TERMS, "BREW," + TERMS,
        "get," + ACCOUNT, "PROPFIND," + REGISTER})
    void answersAnotherMethodWith405(String method, String path) {
        SERVER.send(method, path, "{}").is(405, "M_UNRECOGNIZED");
        SERVER.send(method, path, "not json", bearer(TOKEN)).is(405, "M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCOUNT + "/", TERMS + "/", REGISTER + "/x", "/_matrix/identity/v2/Account",
        "/_matrix/identity/v2/ACCOUNT/register", "/_matrix/identity/api/v1/account", "/_matrix/identity/v2/accounts",
        "/_signet/terms/a/b/c/d", "/terms", "/actuator", "/error"})
    void answersAnotherPathWith404(String path) {
        SERVER.get(path).is(404, "M_UNRECOGNIZED");
        SERVER.post(path, "{}", bearer(TOKEN)).is(404, "M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {REGISTER, ACCOUNT, LOGOUT, TERMS, "/_signet/terms/a/b/c"})
    void answersPreFlightRequestsWithoutAToken(String path) {
        Answer answer = SERVER.send("OPTIONS", path, "", "Origin", "https://app.example.org",
                "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization");
        assertThat(answer.ok().members()).isEmpty();
    }

    @Test
    void readsNoCompressedBodies() {
        SERVER.post(REGISTER, "{}", "Content-Encoding", "gzip").is(415, "M_UNKNOWN");
    }

    @Test
    void takesOneTokenOnly() {
        SERVER.get(ACCOUNT, "Authorization", "Bearer " + TOKEN + ", Bearer x").is(401, "M_UNAUTHORIZED");
        SERVER.get(ACCOUNT, "Authorization", "Bearer x " + TOKEN).is(401, "M_UNAUTHORIZED");
        SERVER.get(ACCOUNT, "Authorization", "Basic " + TOKEN).is(401, "M_UNAUTHORIZED");
        SERVER.get(ACCOUNT, "Authorization", "Bearer x", "Authorization", "Bearer " + TOKEN)
                .is(401, "M_UNAUTHORIZED");
        SERVER.get(ACCOUNT, "X-Access-Token", TOKEN).is(401, "M_UNAUTHORIZED");
        SERVER.get(ACCOUNT, "Cookie", "access_token=" + TOKEN).is(401, "M_UNAUTHORIZED");
    }
}
