package im.signet.demo;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.protocol.signature.VerifyKey;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DemoHomeserverTest {
    private static final DemoAuthority AUTHORITY = DemoAuthority.create();
    private static final String USERINFO = "/_matrix/federation/v1/openid/userinfo";
    private static final String ONBIND = "/_matrix/federation/v1/3pid/onbind";
    private static final String BOUND = """
            {"medium":"email","address":"a@example.org","mxid":"@a:example.org","invites":[]}""";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final DemoHomeserver homeserver = DemoHomeserver.start(AUTHORITY, clock);
    private final HttpClient http = HttpClient.newBuilder().sslContext(AUTHORITY.clientContext()).build();

    @AfterEach
    void close() {
        http.close();
        homeserver.close();
    }

    @Test
    void isNamedByWhereItListens() {
        assertThat(homeserver.serverName().host()).isEqualTo("localhost");
        assertThat(homeserver.baseUrl()).hasToString("https://" + homeserver.serverName());
        assertThat(homeserver.register("alice")).hasToString("@alice:" + homeserver.serverName());
    }

    @Test
    void registersANameOnce() {
        homeserver.register("alice");

        assertThatThrownBy(() -> homeserver.register("alice")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> homeserver.accessToken(new UserId("@nobody:" + homeserver.serverName())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givesItsUserAnOpenIdTokenThatTellsOthersWhoTheyAre() throws Exception {
        UserId alice = homeserver.register("alice");

        HttpResponse<String> given = requestToken(alice, homeserver.accessToken(alice), "{}");

        assertThat(given.statusCode()).isEqualTo(200);
        JsonObject openId = json(given);
        assertThat(openId.members()).containsOnlyKeys("access_token", "token_type", "matrix_server_name", "expires_in");
        assertThat(openId.string("token_type")).contains("Bearer");
        assertThat(openId.string("matrix_server_name")).contains(homeserver.serverName().value());
        assertThat(openId.integer("expires_in")).contains(3600L);
        HttpResponse<String> told = userInfo(openId.string("access_token").orElseThrow());
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(told.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(told)).isEqualTo(JsonObject.builder().put("sub", alice.value()).build());
    }

    @Test
    void givesTestsTheSameOpenIdObject() throws Exception {
        UserId alice = homeserver.register("alice");

        JsonObject openId = homeserver.openId(alice);

        assertThat(json(userInfo(openId.string("access_token").orElseThrow())).string("sub")).contains(alice.value());
        assertThatThrownBy(() -> homeserver.openId(new UserId("@nobody:" + homeserver.serverName())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void forgetsAnOpenIdTokenAfterAnHour() throws Exception {
        String token = homeserver.openId(homeserver.register("alice")).string("access_token").orElseThrow();

        clock.move(Duration.ofMinutes(60).minusMillis(1));
        assertThat(userInfo(token).statusCode()).isEqualTo(200);
        clock.move(Duration.ofMillis(1));
        assertRefused(userInfo(token), 401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void neverTakesOneKindOfTokenForTheOther() throws Exception {
        UserId alice = homeserver.register("alice");

        assertRefused(userInfo(homeserver.accessToken(alice)), 401, "M_UNKNOWN_TOKEN");
        String openId = homeserver.openId(alice).string("access_token").orElseThrow();
        assertRefused(requestToken(alice, openId, "{}"), 401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void refusesUserInfoWithoutAToken() throws Exception {
        assertRefused(call("GET", USERINFO, "", Map.of()), 401, "M_MISSING_TOKEN");
        assertRefused(userInfo("guessed"), 401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void refusesATokenRequestInTheOrderOfItsFaults() throws Exception {
        UserId alice = homeserver.register("alice");
        UserId bob = homeserver.register("bob");

        assertRefused(call("POST", tokenPath(alice), "no json", Map.of()), 401, "M_MISSING_TOKEN");
        assertRefused(requestToken(alice, "guessed", "no json"), 401, "M_UNKNOWN_TOKEN");
        assertRefused(requestToken(bob, homeserver.accessToken(alice), "no json"), 403, "M_FORBIDDEN");
        assertRefused(requestToken(alice, homeserver.accessToken(alice), "no json"), 400, "M_NOT_JSON");
        assertRefused(requestToken(alice, homeserver.accessToken(alice), "[]"), 400, "M_BAD_JSON");
    }

    @Test
    void publishesItsKeysSignedByItself() throws Exception {
        JsonObject keys = json(call("GET", "/_matrix/key/v2/server", "", Map.of()));

        SigningKey key = homeserver.signingKey();
        assertThat(keys.string("server_name")).contains(homeserver.serverName().value());
        assertThat(keys.integer("valid_until_ts"))
                .hasValueSatisfying(until -> assertThat(until).isGreaterThan(clock.millis()));
        assertThat(publishedKey(keys, "verify_keys", key)).isEqualTo(key.verifyKey().encoded());
        assertThat(SignedJson.verify(keys, homeserver.serverName(), key.id(), key.verifyKey()))
                .isEqualTo(SignedJson.Check.VALID);
        assertThat(call("GET", "/_matrix/key/v2/server/", "", Map.of()).statusCode()).isEqualTo(200);
    }

    @Test
    void publishesAReplacedKeyAsOld() throws Exception {
        SigningKey before = homeserver.signingKey();
        homeserver.rotateKey();
        SigningKey after = homeserver.signingKey();

        JsonObject keys = json(call("GET", "/_matrix/key/v2/server", "", Map.of()));

        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(publishedKey(keys, "verify_keys", after)).isEqualTo(after.verifyKey().encoded());
        assertThat(keys.object("verify_keys").orElseThrow().members()).hasSize(1);
        assertThat(publishedKey(keys, "old_verify_keys", before)).isEqualTo(before.verifyKey().encoded());
        assertThat(SignedJson.verify(keys, homeserver.serverName(), after.id(), after.verifyKey()))
                .isEqualTo(SignedJson.Check.VALID);
    }

    @ParameterizedTest
    @CsvSource({"false, destination", "true, destination_is"})
    void signsItsRequestsToOtherServers(boolean asSynapse, String destinationMember) {
        JsonObject content = JsonObject.builder().put("mxid", "@alice:example.org").build();
        String uri = "/_matrix/identity/v2/3pid/unbind";

        String header = asSynapse
                ? homeserver.xMatrixOfSynapse("POST", uri, "id.example.org", content)
                : homeserver.xMatrix("POST", uri, "id.example.org", content);

        SigningKey key = homeserver.signingKey();
        String start = "X-Matrix origin=\"" + homeserver.serverName() + "\",destination=\"id.example.org\",key=\""
                + key.id()
                + "\",sig=\"";
        assertThat(header).startsWith(start).endsWith("\"");
        String signature = header.substring(start.length(), header.length() - 1);
        byte[] message = """
                {"content":{"mxid":"@alice:example.org"},"%s":"id.example.org","method":"POST","origin":"%s","uri":"%s"}"""
                .formatted(destinationMember, homeserver.serverName(), uri)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(key.verifyKey().verifies(message, UnpaddedBase64.decode(signature).orElseThrow())).isTrue();
    }

    @Test
    void saysWhereItAndItsIdentityServerAre() throws Exception {
        assertThat(json(call("GET", "/.well-known/matrix/server", "", Map.of())).string("m.server"))
                .contains(homeserver.serverName().value());
        JsonObject before = json(call("GET", "/.well-known/matrix/client", "", Map.of()));
        assertThat(baseUrl(before, "m.homeserver")).isEqualTo(homeserver.baseUrl().toString());
        assertThat(before.get("m.identity_server")).isEmpty();

        homeserver.advertiseIdentityServer(URI.create("https://id.example.org"));

        JsonObject after = json(call("GET", "/.well-known/matrix/client", "", Map.of()));
        assertThat(baseUrl(after, "m.identity_server")).isEqualTo("https://id.example.org");
    }

    @Test
    void saysWhichVersionsItSpeaks() throws Exception {
        assertThat(json(call("GET", "/_matrix/client/versions", "", Map.of())).array("versions")).isPresent();
        assertThat(json(call("GET", "/_matrix/federation/v1/version", "", Map.of())).object("server")
                .flatMap(server -> server.string("name"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.identity_server", "m.accepted_terms"})
    void keepsAccountDataForItsOwner(String type) throws Exception {
        UserId alice = homeserver.register("alice");
        Map<String, String> asAlice = bearer(homeserver.accessToken(alice));
        String path = "/_matrix/client/v3/user/" + encoded(alice.value()) + "/account_data/" + type;

        assertRefused(call("GET", path, "", asAlice), 404, "M_NOT_FOUND");
        assertThat(call("PUT", path, "{\"base_url\":null}", asAlice).body()).isEqualTo("{}");
        assertThat(call("GET", path, "", asAlice).body()).isEqualTo("{\"base_url\":null}");

        Map<String, String> asBob = bearer(homeserver.accessToken(homeserver.register("bob")));
        assertRefused(call("GET", path, "", asBob), 403, "M_FORBIDDEN");
        assertRefused(call("PUT", path, "{}", asBob), 403, "M_FORBIDDEN");
        assertRefused(call("GET", path, "", Map.of()), 401, "M_MISSING_TOKEN");
        assertRefused(call("PUT", path, "7", asAlice), 400, "M_BAD_JSON");
        String ownOfServer = path.replace(type, "m.push_rules");
        assertRefused(call("PUT", ownOfServer, "{}", asAlice), 405, "M_BAD_JSON");
    }

    @Test
    void recordsWhatWasBoundAsOftenAsItIsTold() throws Exception {
        assertThat(call("POST", ONBIND, BOUND, Map.of()).body()).isEqualTo("{}");
        assertThat(call("POST", ONBIND, BOUND, Map.of()).statusCode()).isEqualTo(200);
        assertRefused(call("POST", ONBIND, "{\"medium\":\"email\"}", Map.of()), 400, "M_MISSING_PARAM");
        assertRefused(call("PUT", ONBIND, BOUND, Map.of()), 405, "M_UNRECOGNIZED");

        JsonObject bound = StrictJson.parseObject(BOUND).orElseThrow();
        assertThat(homeserver.onbinds()).containsExactly(bound, bound);
    }

    @Test
    void takesOnbindByPutAsOtherServersDo() throws Exception {
        homeserver.takeOnbindByPut();

        assertRefused(call("POST", ONBIND, BOUND, Map.of()), 405, "M_UNRECOGNIZED");
        assertThat(call("PUT", ONBIND, BOUND, Map.of()).statusCode()).isEqualTo(200);
        assertThat(homeserver.onbinds()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"GET, /, 404", "GET, /_matrix/client/v3/sync, 404", "POST, /_matrix/key/v2/server, 405",
        "DELETE, /_matrix/client/versions, 405", "POST, /_matrix/federation/v1/openid/userinfo, 405",
        "GET, /_matrix/client/v3/user/a/openid/request_token, 405", "GET, //_matrix/key/v2/server, 404"})
    void refusesWhatIsNoEndpoint(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = call(method, path, "", Map.of());

        assertRefused(answer, status, "M_UNRECOGNIZED");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    }

    @Test
    void answersBrowsersThatAskFirst() throws Exception {
        HttpResponse<String> answer = call("OPTIONS", tokenPath(homeserver.register("alice")), "", Map.of());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers")).hasValueSatisfying(
                names -> assertThat(names).contains("Authorization"));
    }

    @Test
    void refusesHugeBodies() throws Exception {
        assertRefused(call("POST", ONBIND, "x".repeat(1024 * 1024 + 1), Map.of()), 413, "M_TOO_LARGE");
    }

    @Test
    void recordsWhatItWasAskedAndHidesTokens() throws Exception {
        userInfo("the+secret");

        RecordedRequest request = homeserver.requests().getFirst();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo(USERINFO);
        assertThat(request.parameter("access_token")).contains("the+secret");
        assertThat(request.parameter("other")).isEmpty();
        assertThat(request.header("host")).contains(homeserver.serverName().value());
        assertThat(request).hasToString("GET " + USERINFO + "?access_token=[hidden]");
        assertThatThrownBy(() -> homeserver.requests().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void liesAboutWhoItsUserIs() throws Exception {
        String token = homeserver.openId(homeserver.register("alice")).string("access_token").orElseThrow();

        homeserver.answerUserInfoAs(new UserId("@mallory:elsewhere.example.org"));
        assertThat(json(userInfo(token)).string("sub")).contains("@mallory:elsewhere.example.org");

        homeserver.behave();
        assertThat(json(userInfo(token)).string("sub")).contains("@alice:" + homeserver.serverName());
    }

    @Test
    void answersWhateverATestWants() throws Exception {
        homeserver.answer(USERINFO, 503, "<html>");
        assertThat(userInfo("x").statusCode()).isEqualTo(503);
        assertThat(userInfo("x").body()).isEqualTo("<html>");

        homeserver.answer(USERINFO, 200, "");
        assertThat(userInfo("x").body()).isEmpty();

        homeserver.redirect(USERINFO, URI.create("https://elsewhere.example.org/"));
        assertThat(userInfo("x").statusCode()).isEqualTo(302);
        assertThat(userInfo("x").headers().firstValue("Location")).contains("https://elsewhere.example.org/");

        homeserver.behave();
        assertThat(userInfo("x").statusCode()).isEqualTo(401);
    }

    @Test
    void keepsClientsWaiting() throws Exception {
        homeserver.hold(Duration.ofSeconds(20));
        HttpRequest impatient = HttpRequest.newBuilder(homeserver.baseUrl().resolve("/_matrix/client/versions"))
                .timeout(Duration.ofMillis(300))
                .build();
        assertThatThrownBy(() -> http.send(impatient, BodyHandlers.discarding()))
                .isInstanceOf(HttpTimeoutException.class);

        homeserver.behave();
        assertThat(http.send(impatient, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    @Test
    void fallsSilentAndComesBack() throws Exception {
        homeserver.stopAnswering();
        assertThatThrownBy(() -> userInfo("x")).isInstanceOf(IOException.class);
        assertThat(homeserver.requests()).isNotEmpty();

        homeserver.resume();
        assertThat(userInfo("x").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> requestToken(UserId user, String accessToken, String body) throws Exception {
        return call("POST", tokenPath(user), body, bearer(accessToken));
    }

    private HttpResponse<String> userInfo(String token) throws Exception {
        return call("GET", USERINFO + "?access_token=" + encoded(token), "", Map.of());
    }

    private HttpResponse<String> call(String method, String path, String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(homeserver.baseUrl() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static String tokenPath(UserId user) {
        return "/_matrix/client/v3/user/" + encoded(user.value()) + "/openid/request_token";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return StrictJson.parseObject(answer.body()).orElseThrow();
    }

    private static String baseUrl(JsonObject found, String member) {
        return found.object(member).flatMap(server -> server.string("base_url")).orElseThrow();
    }

    private static String publishedKey(JsonObject keys, String member, SigningKey key) {
        String encoded = keys.object(member)
                .flatMap(all -> all.object(key.id().toString()))
                .flatMap(one -> one.string("key"))
                .orElseThrow();
        assertThat(VerifyKey.parse(encoded).isOk()).isTrue();
        return encoded;
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String errcode) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(answer).string("errcode")).contains(errcode);
        assertThat(json(answer).string("error")).isPresent();
    }
}
