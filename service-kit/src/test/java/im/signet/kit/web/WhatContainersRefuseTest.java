package im.signet.kit.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever refuses a request, the answer is {"errcode","error"} with CORS: over a real Tomcat, byte by byte. */
@SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "server.tomcat.max-swallow-size=2MB", "spring.web.resources.add-mappings=false"})
class WhatContainersRefuseTest {

    @LocalServerPort
    private int port;

    private Wire.Answer send(String method, String target, String body) throws IOException {
        return Wire.send(port, method, target, Map.of(), body);
    }

    private static void isAnError(Wire.Answer answer, int status, String errcode) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(answer.errcode()).isEqualTo(errcode);
        assertThat(answer.json().string("error")).isPresent();
        hasCors(answer);
    }

    private static void hasCors(Wire.Answer answer) {
        assertThat(answer.headers()).containsEntry("access-control-allow-origin", "*")
                .containsEntry("access-control-allow-methods", "GET, POST, PUT, DELETE, OPTIONS")
                .containsEntry("access-control-allow-headers",
                        "Origin, X-Requested-With, Content-Type, Accept, Authorization")
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cache-control", "no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nope", "/open/", "/OPEN", "/error", "/open/x", "/actuator", "/favicon.ico"})
    void answersUnknownPathsWith404(String path) throws IOException {
        isAnError(send("GET", path, ""), 404, "M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @CsvSource({"POST,/open", "PUT,/open", "DELETE,/open", "PATCH,/open", "GET,/echo", "GET,/secured", "BREW,/open"})
    void answersWrongMethodsWith405(String method, String path) throws IOException {
        Wire.Answer answer = send(method, path, "");
        isAnError(answer, 405, "M_UNRECOGNIZED");
        assertThat(answer.headers()).containsKey("allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//open", "/open;a=b", "/%2e/open", "/x/../secured", "/open%2f", "/secured;/x", "/./open",
        "/open%00", "/secur\\ed"})
    void neverServesAPathInDisguise(String path) throws IOException {
        Wire.Answer answer = send("GET", path, "");
        assertThat(answer.status()).isBetween(400, 405);
        assertThat(answer.errcode()).startsWith("M_");
        hasCors(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /{ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "NONSENSE\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"})
    void answersWhatItCannotParseInJson(String request) throws IOException {
        Wire.Answer answer = Wire.send(port, request.getBytes(StandardCharsets.ISO_8859_1));
        isAnError(answer, 400, "M_UNKNOWN");
    }

    @Test
    void answersHugeHeadersInJson() throws IOException {
        Wire.Answer answer = Wire.send(port, "GET", "/open", Map.of("X-Long", "a".repeat(20_000)), "");
        assertThat(answer.status()).isIn(400, 431);
        assertThat(answer.errcode()).isIn("M_UNKNOWN", "M_TOO_LARGE");
        hasCors(answer);
    }

    // CVE-2021-29430: a body without bound, announced or not.
    @Test
    void refusesABodyThatIsAnnouncedTooLarge() throws IOException {
        isAnError(send("POST", "/echo", "{\"text\":\"" + "a".repeat(600 * 1024) + "\"}"), 413, "M_TOO_LARGE");
    }

    @Test
    void refusesABodyThatIsTooLargeUnannounced() throws IOException {
        StringBuilder chunks = new StringBuilder(
                "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 600; i++) {
            chunks.append("400\r\n").append(" ".repeat(1024)).append("\r\n");
        }
        isAnError(Wire.send(port, chunks.append("0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)), 413,
                "M_TOO_LARGE");
    }

    @Test
    void raisesTheLimitWhereAnEndpointSaysSo() throws IOException {
        Wire.Answer answer = send("POST", "/list", "{\"list\":[]" + " ".repeat(700 * 1024) + "}");
        assertThat(answer.status()).isEqualTo(200);
        isAnError(send("POST", "/list", "{\"list\":[]" + " ".repeat(1100 * 1024) + "}"), 413, "M_TOO_LARGE");
    }

    @Test
    void refusesCompressedBodies() throws IOException {
        isAnError(Wire.send(port, "POST", "/echo", Map.of("Content-Encoding", "gzip"), "{}"), 415, "M_UNKNOWN");
    }

    @Test
    void saysWhenToTryAgain() throws IOException {
        Wire.Answer answer = send("GET", "/limited", "");
        isAnError(answer, 429, "M_LIMIT_EXCEEDED");
        assertThat(answer.headers()).containsEntry("retry-after", "2");
        assertThat(answer.json().integer("retry_after_ms")).contains(1501L);
    }

    @Test
    void hidesWhatWentWrongInside() throws IOException {
        Wire.Answer answer = send("GET", "/broken", "");
        isAnError(answer, 500, "M_UNKNOWN");
        assertThat(answer.body()).doesNotContain("secret-host")
                .doesNotContain("Exception")
                .doesNotContain("at im.signet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/open", "/secured", "/nope", "/"})
    void answersPreFlightWithoutAToken(String path) throws IOException {
        Wire.Answer answer = send("OPTIONS", path, "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{}");
        hasCors(answer);
    }

    @Test
    void putsCorsOnSuccessToo() throws IOException {
        Wire.Answer answer = send("GET", "/open", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        hasCors(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "image/*", "nonsense"})
    void answersJsonWhateverIsAskedFor(String accept) throws IOException {
        Wire.Answer answer = Wire.send(port, "GET", "/open", Map.of("Accept", accept), "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
    }

    @Test
    void namesNoServerSoftware() throws IOException {
        assertThat(send("GET", "/open", "").headers()).doesNotContainKey("server");
    }
}
