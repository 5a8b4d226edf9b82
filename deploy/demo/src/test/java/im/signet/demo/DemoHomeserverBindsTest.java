package im.signet.demo;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The demonstration homeserver binds and unbinds as Synapse does, here at one that only answers what it is told. */
class DemoHomeserverBindsTest {
    private static final DemoAuthority AUTHORITY = DemoAuthority.create();
    private static final String BIND = "/_matrix/identity/v2/3pid/bind";
    private static final String UNBIND = "/_matrix/identity/v2/3pid/unbind";
    private static final String ASSOCIATION = "{\"medium\":\"email\",\"address\":\"a@example.org\"}";

    private final DemoHomeserver homeserver = DemoHomeserver.start(AUTHORITY);
    private final DemoHomeserver identityServer = DemoHomeserver.start(AUTHORITY);
    private final String idServer = identityServer.serverName().value();
    private final HttpClient http = HttpClient.newBuilder().sslContext(AUTHORITY.clientContext()).build();
    private final UserId alice = homeserver.register("alice");

    private record Answer(int status, String errcode, JsonObject body) {}

    DemoHomeserverBindsTest() {
        homeserver.reachIdentityServer(idServer, identityServer.baseUrl(), AUTHORITY.clientContext());
    }

    @AfterEach
    void close() {
        http.close();
        homeserver.close();
        identityServer.close();
    }

    private Answer ask(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create(homeserver.baseUrl() + "/_matrix/client/v3/account/" + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        JsonObject json = StrictJson.parseObject(response.body()).orElseThrow();
        return new Answer(response.statusCode(), json.string("errcode").orElse(""), json);
    }

    private Answer bind(String server) throws Exception {
        return ask("POST", "3pid/bind", homeserver.accessToken(alice), "{\"sid\":\"s1\",\"client_secret\":\"c1\","
                + "\"id_server\":\"" + server + "\",\"id_access_token\":\"of the session\"}");
    }

    private Answer unbind(String more) throws Exception {
        return ask("POST", "3pid/unbind", homeserver.accessToken(alice),
                "{\"medium\":\"email\",\"address\":\"a@example.org\"" + more + "}");
    }

    private Answer unbindHere() throws Exception {
        return unbind(",\"id_server\":\"" + idServer + "\"");
    }

    private static String result(Answer answer) {
        return answer.body().string("id_server_unbind_result").orElse("");
    }

    @Test
    void tellsWhoseTokenItIs() throws Exception {
        Answer answer = ask("GET", "whoami", homeserver.accessToken(alice), "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().string("user_id")).contains(alice.value());
    }

    @ParameterizedTest
    @CsvSource({"GET, whoami", "POST, 3pid/bind", "POST, 3pid/unbind"})
    void answersNobodyWithoutAToken(String method, String path) throws Exception {
        assertThat(ask(method, path, "", "").errcode()).isEqualTo("M_MISSING_TOKEN");
        assertThat(ask(method, path, "guessed", "").errcode()).isEqualTo("M_UNKNOWN_TOKEN");
    }

    @Test
    void bindsWithTheTokenOfTheSession() throws Exception {
        identityServer.answer(BIND, 200, ASSOCIATION);

        Answer answer = bind(idServer);

        assertThat(answer).isEqualTo(new Answer(200, "", JsonObject.of()));
        RecordedRequest asked = identityServer.requests().getFirst();
        assertThat(asked.method() + " " + asked.path()).isEqualTo("POST " + BIND);
        assertThat(asked.header("authorization")).contains("Bearer of the session");
        assertThat(asked.header("content-type")).contains("application/json");
        assertThat(StrictJson.parseObject(asked.body()).orElseThrow()).isEqualTo(JsonObject.builder()
                .put("sid", "s1")
                .put("client_secret", "c1")
                .put("mxid", alice.value())
                .build());
    }

    @ParameterizedTest
    @CsvSource({"400, M_SESSION_NOT_VALIDATED", "401, M_UNAUTHORIZED", "403, M_TERMS_NOT_SIGNED",
        "404, M_NO_VALID_SESSION", "429, M_LIMIT_EXCEEDED", "500, M_UNKNOWN"})
    void passesErrorsOn(int status, String errcode) throws Exception {
        identityServer.answer(BIND, status, "{\"errcode\":\"" + errcode + "\",\"error\":\"x\",\"extra\":1}");
        Answer answer = bind(idServer);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.errcode()).isEqualTo(errcode);
        assertThat(answer.body().integer("extra")).contains(1L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"200 | <html>", "200 | {}", "503 | <html>", "302 | x"})
    void doesNotPassOddAnswersOn(int status, String body) throws Exception {
        identityServer.answer(BIND, status, body);
        assertThat(bind(idServer).status()).isEqualTo(502);
    }

    @Test
    void tellsThatAnIdentityServerIsNotReached() throws Exception {
        identityServer.stopAnswering();
        assertThat(bind(idServer).status()).isEqualTo(500);
        assertThat(unbindHere().status()).isEqualTo(500);
    }

    @Test
    void trustsOnlyTheCertificatesItIsToldTo() throws Exception {
        homeserver.reachIdentityServer(idServer, identityServer.baseUrl(), DemoAuthority.create().clientContext());
        assertThat(bind(idServer).status()).isEqualTo(500);
        assertThat(identityServer.requests()).isEmpty();
    }

    @Test
    void asksAnIdentityServerBelowItsPath() throws Exception {
        identityServer.answer("/ids" + UNBIND, 200, "{}");
        homeserver.reachIdentityServer("id.example.org/ids", identityServer.baseUrl().resolve("/ids"),
                AUTHORITY.clientContext());
        assertThat(result(unbind(",\"id_server\":\"id.example.org/ids\""))).isEqualTo("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example.org", "", "localhost"})
    void asksNoServerThatItIsNotToldOf(String server) throws Exception {
        assertThat(bind(server).errcode()).isEqualTo("M_SERVER_NOT_TRUSTED");
        assertThat(unbind(",\"id_server\":\"" + server + "\"").errcode()).isEqualTo("M_SERVER_NOT_TRUSTED");
    }

    @Test
    void wantsAllThatItNeeds() throws Exception {
        String token = homeserver.accessToken(alice);
        assertThat(ask("POST", "3pid/bind", token, "{\"sid\":\"s1\"}").errcode()).isEqualTo("M_MISSING_PARAM");
        assertThat(ask("POST", "3pid/unbind", token, "{\"medium\":\"email\"}").errcode()).isEqualTo("M_MISSING_PARAM");
        assertThat(ask("POST", "3pid/bind", token, "[]").errcode()).isEqualTo("M_BAD_JSON");
    }

    @Test
    void signsToUnbindAsSynapseDoes() throws Exception {
        identityServer.answer(UNBIND, 200, "{}");

        assertThat(result(unbindHere())).isEqualTo("success");
        RecordedRequest asked = identityServer.requests().getFirst();
        JsonObject body = StrictJson.parseObject(asked.body()).orElseThrow();
        assertThat(body.members()).containsOnlyKeys("mxid", "threepid");
        assertThat(asked.header("authorization"))
                .contains(homeserver.xMatrixOfSynapse("POST", UNBIND, idServer, body));
    }

    @ParameterizedTest
    @CsvSource({"400, 200", "404, 200", "501, 200", "403, 500", "500, 500", "302, 500"})
    void takesSomeRefusalsForNoSupport(int status, int expected) throws Exception {
        identityServer.answer(UNBIND, status, "{\"errcode\":\"M_UNKNOWN\"}");
        Answer answer = unbindHere();
        assertThat(answer.status()).isEqualTo(expected);
        assertThat(result(answer)).isEqualTo(expected == 200 ? "no-support" : "");
    }

    @Test
    void remembersWhereItBound() throws Exception {
        identityServer.answer(BIND, 200, ASSOCIATION);
        identityServer.answer(UNBIND, 200, "{}");

        assertThat(result(unbind(""))).isEqualTo("no-support");
        bind(idServer);
        assertThat(result(unbind(""))).isEqualTo("success");
        assertThat(result(unbind(""))).isEqualTo("no-support");
        assertThat(identityServer.requests()).extracting(RecordedRequest::path).isEqualTo(List.of(BIND, UNBIND));
    }
}
