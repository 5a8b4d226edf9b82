package im.signet.client;

import im.signet.client.transport.Response;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a server answers, the caller gets an outcome. The reading is the same for all calls, so one stands for them. */
class HostileAnswersTest {
    private static final String TERMS = "GET /v2/terms";

    private final Scene scene = new Scene();

    private TermsReading after(ScriptedTransport.Reaction reaction) {
        scene.wire.instead(TERMS, reaction);
        return scene.server().terms();
    }

    private TermsReading afterHeaders(Map<String, List<String>> headers, String body) {
        return after(request -> Response.of(429, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html><body>Welcome</body></html>", "null", "[]", "\"policies\"", "{\"policies\":{}",
        "{}{}",
        "\ufeff{\"policies\":{}}", "{\"policies\":{\"a\":\"\\ud800\"}}", "{\"policies\":1e400}"})
    void anOkThatIsNoObjectIsMalformed(String body) {
        assertThat(after(request -> ScriptedTransport.json(200, body))).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void invalidUtf8IsMalformed() {
        byte[] body = {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'};
        assertThat(after(request -> Response.of(200, Map.of(), body))).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void theDeepAndTheHugeAreMalformed() {
        assertThat(after(request -> ScriptedTransport.json(200, "{\"policies\":" + "[".repeat(100_000))))
                .isInstanceOf(Failure.Malformed.class);
        assertThat(after(
                request -> ScriptedTransport.json(200, "{\"policies\":{},\"x\":\"" + "a".repeat(600_000) + "\"}")))
                .isInstanceOf(Failure.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 304})
    void redirectsAreNotFollowed(int status) {
        TermsReading reading = after(request -> Response.of(
                status, Map.of("Location", List.of("https://evil.example.com/")), new byte[0]));

        assertThat(reading).isInstanceOf(Failure.Malformed.class);
        assertThat(reading.toString()).contains("redirect").doesNotContain("evil");
        assertThat(scene.wire.routes()).containsExactly(TERMS);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100, 199, 600, 999})
    void aStatusThatMeansNothingIsMalformed(int status) {
        assertThat(after(request -> ScriptedTransport.json(status, "{\"policies\":{}}")))
                .isInstanceOf(Failure.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 500, 501})
    void anErrorWithoutACodeIsMalformed(int status) {
        assertThat(after(request -> ScriptedTransport.json(status, "<html>"))).isInstanceOf(Failure.Malformed.class);
        assertThat(after(request -> ScriptedTransport.json(status, "{\"errcode\":7}")))
                .isInstanceOf(Failure.Malformed.class);
        assertThat(after(request -> ScriptedTransport.json(status, "{\"errcode\":\"M <b>\"}")))
                .isInstanceOf(Failure.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void aGatewayIsNotTheServer(int status) {
        assertThat(after(request -> ScriptedTransport.json(status, "<html>"))).isInstanceOf(Failure.Unreachable.class);
    }

    @Test
    void theMessageOfAServerIsOneShortLine() {
        String message = "two\\nlines\\u202e " + "x".repeat(1000);
        Failure.Refused refused = (Failure.Refused) after(request -> ScriptedTransport.json(
                400, "{\"errcode\":\"M_UNKNOWN\",\"error\":\"" + message + "\"}"));

        assertThat(refused.message()).startsWith("two lines").hasSizeLessThanOrEqualTo(200).doesNotContain("\u202e");
    }

    @Test
    void aCodeThatNobodyKnowsIsPassedOn() {
        assertThat(after(request -> ScriptedTransport.json(418, "{\"errcode\":\"ORG.EXAMPLE_TEAPOT\"}")))
                .isEqualTo(new Failure.Refused(418, "ORG.EXAMPLE_TEAPOT", ""));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "30, 30", "' 7 ', 7", "999999999, 999999999"})
    void readsHowManySecondsToWait(String header, long seconds) {
        assertThat(afterHeaders(Map.of("Retry-After", List.of(header)), "{\"retry_after_ms\":1}"))
                .isEqualTo(new Failure.Limited(Optional.of(Duration.ofSeconds(seconds))));
    }

    @Test
    void readsUntilWhenToWaitByTheServersOwnClock() {
        assertThat(afterHeaders(Map.of("Retry-After", List.of("Wed, 21 Oct 2015 07:28:30 GMT"), "Date",
                List.of("Wed, 21 Oct 2015 07:28:00 GMT")), "{}"))
                .isEqualTo(new Failure.Limited(Optional.of(Duration.ofSeconds(30))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e9", "soon", "", "9999999999999999999", "Wed, 21 Oct 2015 07:28:30 GMT"})
    void doesNotGuessHowLongToWait(String header) {
        assertThat(afterHeaders(Map.of("Retry-After", List.of(header)), "<html>"))
                .isEqualTo(new Failure.Limited(Optional.empty()));
        assertThat(afterHeaders(Map.of("Retry-After", List.of(header)), "{\"retry_after_ms\":-5}"))
                .isEqualTo(new Failure.Limited(Optional.empty()));
    }

    static Stream<Arguments> brokenConnections() {
        return Stream.of(
                Arguments.of(new UnknownHostException("id.example.org"), "name is not known"),
                Arguments.of(new ConnectException("refused"), "does not accept"),
                Arguments.of(new InterruptedIOException("timeout"), "in time"),
                Arguments.of(new SSLHandshakeException("PKIX"), "certificate"),
                Arguments.of(new IOException("https://id.example.org/?client_secret=s3cret"), "IOException"));
    }

    @ParameterizedTest
    @MethodSource("brokenConnections")
    void aBrokenConnectionIsUnreachable(IOException broken, String words) {
        TermsReading reading = after(request -> {
            throw broken;
        });

        assertThat(reading).isInstanceOf(Failure.Unreachable.class);
        assertThat(((Failure.Unreachable) reading).reason()).contains(words).doesNotContain("s3cret");
    }

    @Test
    void noiseNeverBecomesAnException() {
        // A fixed seed: the same noise in each run.
        Random random = new Random(20261121);
        for (int i = 0; i < 3000; i++) {
            StringBuilder noise = new StringBuilder(Scene.TERMS);
            for (int j = random.nextInt(6); j >= 0; j--) {
                noise.setCharAt(random.nextInt(noise.length()), (char) (random.nextBoolean()
                        ? 32 + random.nextInt(96)
                        : random.nextInt(0x10000)));
            }
            int status = random.nextInt(4) == 0 ? random.nextInt(700) : 200;
            assertThat(after(request -> ScriptedTransport.json(status, noise.toString()))).isNotNull();
        }
    }
}
