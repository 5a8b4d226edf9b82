package im.signet.identity;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonBoolean;
import im.signet.protocol.json.JsonNull;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes, the answer is an error of the API, with the headers of every answer; nothing fails inside, and nothing
 * is stored.
 */
@ExtendWith(OutputCaptureExtension.class)
class BadInputTest extends IdentityScene {

    private static final List<String> FORMS = List.of("/_signet/validate/confirm", "/_signet/validate/disown");

    private Map<String, Long> before = Map.of();

    /** The endpoints that take a body, each with one that has all of its members. */
    enum Endpoint {
        REQUEST(REQUEST_TOKEN, wish("bad.input@mail.example.org", "secret")),
        SUBMIT(SUBMIT_TOKEN, session().with("token",
                "a")),
        BINDING(BIND, session().with("mxid", Person.ALICE.user().value())), LOOKING_UP(LOOKUP,
                JsonObject.builder()
                        .put("algorithm", "sha256")
                        .put("pepper", "x")
                        .put("addresses", JsonArray.of(List.of()))
                        .build());

        private final String path;
        private final String text;

        Endpoint(String path, JsonObject body) {
            this.path = path;
            this.text = StrictJson.write(body);
        }

        private static JsonObject session() {
            return JsonObject.builder().put("sid", "a").put("client_secret", "b").build();
        }

        private JsonObject body() {
            return StrictJson.parseObject(text).orElseThrow();
        }

        private String text() {
            return text;
        }
    }

    @BeforeEach
    void count() {
        awaitEmptyOutbox();
        before = rowCounts();
    }

    @AfterEach
    void nothingIsStoredAndNothingFailed(CapturedOutput output) {
        assertThat(rowCounts()).isEqualTo(before);
        assertThat(mailsWaiting()).isZero();
        assertThat(output).doesNotContain("a request failed").doesNotContain("threw exception");
    }

    private static void isError(Answer answer, String outcome) {
        assertThat(answer.outcome()).as(answer.body()).isEqualTo(outcome);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json().members().keySet()).contains("errcode", "error");
        assertThat(answer.json().string("error")).get().asString().isNotBlank();
        assertThat(answer.body()).doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContainIgnoringCase("<html");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(Endpoint.values()).flatMap(endpoint -> {
            String good = endpoint.text();
            return Stream.of("", " ", "{", good.substring(1), good + "x", good + good, "\uFEFF" + good,
                    good.replace('"', '\''), good.replaceFirst("\\{", "{\"sid\":\"a\",\"sid\":\"b\","),
                    good.replaceFirst("\\{", "{\"\\\\ud800\":1,"), good.replaceFirst("\\{", "{\"x\":1e400,"),
                    good.replaceFirst("\\{", "{\"x\":" + "[".repeat(64) + "]".repeat(64) + ","),
                    good.replaceFirst("\\{", "{\"x\":NaN,"), "sid=a&client_secret=b&token=c&mxid=d", "<xml/>")
                    .map(body -> Arguments.of(endpoint, body));
        });
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatIsNoJson(Endpoint endpoint, String body) {
        isError(post(endpoint.path, Person.ALICE, body), "400 M_NOT_JSON");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNoUtf8(Endpoint endpoint) {
        byte[] body = {'{', '"', (byte) 0xc3, '(', '"', ':', '1', '}'};
        isError(send(request(endpoint.path, Person.ALICE).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build()),
                "400 M_NOT_JSON");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNoObject(Endpoint endpoint) {
        for (String body : List.of("[]", "\"text\"", "1", "null", "true", "[" + endpoint.text() + "]")) {
            isError(post(endpoint.path, Person.ALICE, body), "400 M_BAD_JSON");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsTooLarge(Endpoint endpoint) {
        String huge = StrictJson.write(endpoint.body().with("padding", "x".repeat(1024 * 1024)));
        isError(post(endpoint.path, Person.ALICE, huge), "413 M_TOO_LARGE");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnEncodedBody(Endpoint endpoint) {
        isError(send(request(endpoint.path, Person.ALICE).header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString(endpoint.text()))
                .build()), "415 M_UNKNOWN");
    }

    static Stream<Arguments> members() {
        return Stream.of(Endpoint.values())
                .flatMap(endpoint -> endpoint.body()
                        .members()
                        .keySet()
                        .stream()
                        .map(name -> Arguments.of(endpoint, name)));
    }

    @ParameterizedTest
    @MethodSource("members")
    void saysWhatIsMissing(Endpoint endpoint, String name) {
        Answer answer = post(endpoint.path, Person.ALICE, endpoint.body().without(name));
        isError(answer, "400 M_MISSING_PARAMS");
        assertThat(answer.string("error")).contains(name);
    }

    @ParameterizedTest
    @EnumSource
    void namesAllThatIsMissing(Endpoint endpoint) {
        Answer answer = post(endpoint.path, Person.ALICE, "{}");
        isError(answer, "400 M_MISSING_PARAMS");
        assertThat(answer.string("error")).contains(endpoint.body().members().keySet());
    }

    @ParameterizedTest
    @MethodSource("members")
    void refusesMembersOfAnotherType(Endpoint endpoint, String name) {
        List<Json> wrong = List.of(JsonNull.NULL, new JsonBoolean(true), JsonNumber.of(-1),
                new JsonNumber(new BigDecimal("0.5")), JsonObject.of(), JsonArray.of(List.of(JsonNumber.of(1))),
                JsonArray.of(List.of(JsonNull.NULL)), JsonArray.of(List.of(JsonArray.of(List.of()))));
        for (Json value : wrong) {
            isError(post(endpoint.path, Person.ALICE, endpoint.body().with(name, value)), "400 M_INVALID_PARAM");
        }
    }

    @ParameterizedTest
    @MethodSource("members")
    void refusesMembersThatAreTooLong(Endpoint endpoint, String name) {
        Json value = endpoint.body().get(name).orElseThrow();
        Json tooLong = switch (value) {
            case JsonArray _ -> JsonArray.ofStrings(List.of("a".repeat(100_000)));
            case JsonNumber _ -> new JsonString("9".repeat(100_000));
            default -> new JsonString("a".repeat(100_000));
        };
        isError(post(endpoint.path, Person.ALICE, endpoint.body().with(name, tooLong)), "400 M_INVALID_PARAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"next_link", "im.signet.discoverable"})
    void refusesOptionalMembersOfAnotherType(String name) {
        for (Json value : List.of(JsonNull.NULL, JsonNumber.of(1), JsonObject.of(),
                new JsonString("https://" + "a".repeat(5000)))) {
            isError(post(REQUEST_TOKEN, Person.ALICE, Endpoint.REQUEST.body().with(name, value)),
                    "400 M_INVALID_PARAM");
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksForATokenFirst(Endpoint endpoint) {
        for (String header : List.of("", "Bearer", "Bearer ", "Bearer unknown", "Bearer a b", "Basic YTpi", "bearer\tx",
                "Bearer \u00e4", "Bearer " + "a".repeat(4000), "token-of-alice-0123456789")) {
            HttpRequest.Builder request = request(endpoint.path, null).POST(HttpRequest.BodyPublishers.ofString("{"));
            isError(send((header.isEmpty() ? request : request.header("Authorization", header)).build()),
                    "401 M_UNAUTHORIZED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksForTheTermsNext(Endpoint endpoint) {
        isError(post(endpoint.path, Person.UNSIGNED, "{"), "403 M_TERMS_NOT_SIGNED");
        isError(post(endpoint.path, Person.UNSIGNED, endpoint.body()), "403 M_TERMS_NOT_SIGNED");
    }

    @ParameterizedTest
    @EnumSource
    void knowsOneMethodOnly(Endpoint endpoint) {
        for (String method : List.of("PUT", "DELETE", "PATCH")) {
            isError(send(request(endpoint.path, Person.ALICE).method(method,
                    HttpRequest.BodyPublishers.ofString(endpoint.text())).build()), "405 M_UNRECOGNIZED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/_matrix", "/_matrix/identity", V2 + "/", V2 + "/nothing", LOOKUP + "/",
        "/_matrix/identity/api/v1", "/_matrix/identity/api/v1/lookup", V2 + "/LOOKUP", V2 + "/3pid", "/error/x",
        "/_signet", "/_signet/validate", V2 + "/validate/email", "/actuator", "/index.html"})
    void knowsNoOtherPath(String path) {
        isError(get(path, Person.ALICE), "404 M_UNRECOGNIZED");
        isError(post(path, Person.ALICE, "{}"), "404 M_UNRECOGNIZED");
    }

    /** Whatever decides who may call, and whatever answers, reads a path alike. */
    @ParameterizedTest
    @ValueSource(strings = {"/_matrix/identity/v2//lookup", "//_matrix/identity/v2/lookup", LOOKUP + ";a=b",
        "/_matrix/identity/v2;a=b/lookup", "/_matrix/identity/./v2/lookup", "/_matrix/identity/x/../v2/lookup",
        "/_matrix/identity/%2e/v2/lookup", "/_matrix/identity/v2/%6cookup", "/_matrix/identity/v2%2flookup",
        LOOKUP + "%00", LOOKUP + "%0a", "/_MATRIX/identity/v2/lookup", LOOKUP + ".json", LOOKUP + "%3Fx"})
    void servesNobodyWithoutATokenOnAnotherSpelling(String path) {
        Answer answer = post(path, null, "{}");
        assertThat(answer.status()).isIn(400, 401, 404);
        isError(answer, answer.outcome());
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void readsFormsOnlyAsForms(String path) {
        for (String type : List.of("application/json", "multipart/form-data; boundary=x", "text/plain", "nonsense")) {
            Answer answer = send(request(path, null).header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString("sid=a&client_secret=b&token=c"))
                    .build());
            assertThat(answer.status()).isIn(400, 415);
            isError(answer, answer.outcome());
        }
        isError(get(path, null), "405 M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void refusesFormsThatItCannotRead(String path) {
        String type = "application/x-www-form-urlencoded";
        for (String body : List.of("sid=%zz&client_secret=b&token=c", "sid=%F0%28%8C%BC&client_secret=b&token=c",
                "&=a&=b", "x=1&".repeat(2000), "sid=" + "a".repeat(70_000))) {
            Answer answer = send(request(path, null).header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build());
            assertThat(answer.status()).as(body.substring(0, Math.min(40, body.length()))).isBetween(400, 499);
        }
        Answer charset = send(request(path, null).header("Content-Type", type + ";charset=nonsense")
                .POST(HttpRequest.BodyPublishers.ofString("sid=a"))
                .build());
        assertThat(charset.status()).isBetween(400, 499);
    }

    @ParameterizedTest
    @ValueSource(strings = {GET_VALIDATED + "?sid=%F0%28%8C%BC&client_secret=a",
        GET_VALIDATED + "?sid=%zz&client_secret=a",
        V2 + "/pubkey/isvalid?public_key=%F0%28%8C%BC", V2 + "/pubkey/isvalid?public_key=%zz",
        GET_VALIDATED + "?sid=a&client_secret=a&%F0%28%8C%BC=a"})
    void readsNoQueryThatIsNoUtf8(String target) {
        Answer answer = Wire.get(port(), target, Map.of("Authorization", "Bearer " + Person.ALICE.token()));
        isError(answer, "400 M_UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%F0%28%8C%BC-canary-token", "%zz-canary-token", "%00-canary-token", "a&access_token=b"})
    void readsNoTokenFromAQueryThatIsNoUtf8(String token) {
        Answer answer = Wire.get(port(), HASH_DETAILS + "?access_token=" + token, Map.of());
        assertThat(answer.status()).isIn(400, 401);
        isError(answer, answer.outcome());
    }

    /** A parameter may be a secret. */
    @Test
    void logsNoParameterThatItCannotRead(CapturedOutput output) {
        String bad = "canary-7f3a%F0%28%8C%BC";
        Wire.get(port(), SUBMIT_TOKEN + "?sid=" + bad + "&client_secret=" + bad + "&token=" + bad, Map.of());
        Wire.get(port(), GET_VALIDATED + "?sid=" + bad + "&client_secret=" + bad,
                Map.of("Authorization", "Bearer " + Person.ALICE.token()));
        Wire.get(port(), HASH_DETAILS + "?access_token=" + bad, Map.of());
        postForm(FORMS.getFirst(), Map.of("sid", "canary-7f3a"));
        assertThat(output).doesNotContain("canary-7f3a");
    }
}
