package im.signet.terms;

import im.signet.demo.DemoHomeserver;

import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;
    private static String token;
    private static int asked;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start("""
                signet.terms.policies:
                  privacy_policy:
                    version: "1.0"
                    en: {name: Privacy Policy, url: "https://example.org/privacy-1.0-en.html"}
                """);
        homeserver = Installation.homeserver();
        token = server.tokenOf(homeserver, homeserver.register("mallory"));
        asked = homeserver.requests().size();
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(installation.rows("access_token")).isEqualTo(1);
        assertThat(installation.rows("acceptance")).isZero();
        assertThat(homeserver.requests()).hasSize(asked);
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
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
        server.post(REGISTER, body).is(status, errcode);
        server.post(TERMS, body, bearer(token)).is(status, errcode);
    }

    @ParameterizedTest
    @MethodSource("bodiesThatAreNoObject")
    void asksForTheTokenBeforeItLooksAtTheBody(String body) {
        server.post(TERMS, body).is(401, "M_UNAUTHORIZED");
        server.post(LOGOUT, body).is(401, "M_UNAUTHORIZED");
        server.post(TERMS, body, bearer("nonsense")).is(401, "M_UNAUTHORIZED");
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
        server.post(REGISTER, body).is(400, errcode);
    }

    @Test
    void namesEveryParameterThatIsMissing() {
        assertThat(server.post(REGISTER, "{}").is(400, "M_MISSING_PARAMS").body()).contains("access_token")
                .contains("matrix_server_name");
        assertThat(server.post(TERMS, "{}", bearer(token)).is(400, "M_MISSING_PARAMS").body())
                .contains("user_accepts");
    }

    @Test
    void repeatsNothingOfWhatCame() {
        String body = "{\"access_token\":\"seen<b>\",\"matrix_server_name\":\"seen<b>\"}";
        assertThat(server.post(REGISTER, body).is(400, "M_INVALID_PARAM").body()).doesNotContain("seen");
        assertThat(server.get("/_matrix/identity/v2/seen").is(404, "M_UNRECOGNIZED").body()).doesNotContain("seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"user_accepts\":null}", "{\"user_accepts\":\"" + POLICY + "\"}", "{\"user_accepts\":1}",
        "{\"user_accepts\":{\"0\":\"" + POLICY + "\"}}", "{\"user_accepts\":[1]}", "{\"user_accepts\":[null]}",
        "{\"user_accepts\":[[\"" + POLICY + "\"]]}", "{\"user_accepts\":[\"" + POLICY + "\",{}]}",
        "{\"user_accepts\":[\"" + POLICY + "\",true]}"})
    void takesAListOfUrlsOnlyAndAllOfItOrNothing(String body) {
        server.post(TERMS, body, bearer(token)).is(400, "M_INVALID_PARAM");
    }

    @Test
    void takesNoEndlessListsAndUrls() {
        String longUrl = "\"" + POLICY + "\",\"https://example.org/" + "x".repeat(2048) + "\"";
        server.post(TERMS, "{\"user_accepts\":[" + longUrl + "]}", bearer(token)).is(400, "M_INVALID_PARAM");
        String manyUrls = "\"" + POLICY + "\"" + ",\"a\"".repeat(1000);
        server.post(TERMS, "{\"user_accepts\":[" + manyUrls + "]}", bearer(token)).is(400, "M_TOO_LARGE");
    }

    // What is in the query of a POST is nobody's parameter.
    @Test
    void takesParametersFromTheBodyOnly() {
        String query = "?access_token=x&matrix_server_name=localhost&user_accepts=" + POLICY;
        server.post(REGISTER + query, "{}").is(400, "M_MISSING_PARAMS");
        server.post(TERMS + query, "{}", bearer(token)).is(400, "M_MISSING_PARAMS");
    }

    @ParameterizedTest
    @CsvSource({"GET," + REGISTER, "PUT," + REGISTER, "DELETE," + REGISTER, "POST," + ACCOUNT, "DELETE," + ACCOUNT,
        "GET," + LOGOUT, "PUT," + LOGOUT, "PUT," + TERMS, "PATCH," + TERMS, "DELETE," + TERMS, "BREW," + TERMS,
        "get," + ACCOUNT, "PROPFIND," + REGISTER})
    void answersAnotherMethodWith405(String method, String path) {
        server.send(method, path, "{}").is(405, "M_UNRECOGNIZED");
        server.send(method, path, "not json", bearer(token)).is(405, "M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCOUNT + "/", TERMS + "/", REGISTER + "/x", "/_matrix/identity/v2/Account",
        "/_matrix/identity/v2/ACCOUNT/register", "/_matrix/identity/api/v1/account", "/_matrix/identity/v2/accounts",
        "/_signet/terms/a/b/c/d", "/terms", "/actuator", "/error"})
    void answersAnotherPathWith404(String path) {
        server.get(path).is(404, "M_UNRECOGNIZED");
        server.post(path, "{}", bearer(token)).is(404, "M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {REGISTER, ACCOUNT, LOGOUT, TERMS, "/_signet/terms/a/b/c"})
    void answersPreFlightRequestsWithoutAToken(String path) {
        Answer answer = server.send("OPTIONS", path, "", "Origin", "https://app.example.org",
                "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization");
        assertThat(answer.ok().members()).isEmpty();
    }

    @Test
    void readsNoCompressedBodies() {
        server.post(REGISTER, "{}", "Content-Encoding", "gzip").is(415, "M_UNKNOWN");
    }

    @Test
    void takesOneTokenOnly() {
        server.get(ACCOUNT, "Authorization", "Bearer " + token + ", Bearer x").is(401, "M_UNAUTHORIZED");
        server.get(ACCOUNT, "Authorization", "Bearer x " + token).is(401, "M_UNAUTHORIZED");
        server.get(ACCOUNT, "Authorization", "Basic " + token).is(401, "M_UNAUTHORIZED");
        server.get(ACCOUNT, "Authorization", "Bearer x", "Authorization", "Bearer " + token)
                .is(401, "M_UNAUTHORIZED");
        server.get(ACCOUNT, "X-Access-Token", token).is(401, "M_UNAUTHORIZED");
        server.get(ACCOUNT, "Cookie", "access_token=" + token).is(401, "M_UNAUTHORIZED");
    }
}
