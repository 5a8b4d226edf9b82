package im.signet.standalone.health;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** `signet health` says whether a server is ready, by a status for scripts and a line for people. */
class HealthCheckTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final AtomicInteger questions = new AtomicInteger();
    private HttpServer server;
    private int unreadyAnswers;
    private int publicAnswer = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/actuator/health/readiness", exchange -> {
            exchange.sendResponseHeaders(questions.incrementAndGet() > unreadyAnswers ? 200 : 503, -1);
            exchange.close();
        });
        server.createContext("/_matrix/identity/v2", exchange -> {
            exchange.sendResponseHeaders(publicAnswer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(Map<String, String> environment, String... words) {
        return HealthCheck.run(List.of(words), environment, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private String port() {
        return String.valueOf(server.getAddress().getPort());
    }

    @Test
    void asksTheManagementPortOfTheEnvironment() {
        assertThat(run(Map.of("MANAGEMENT_SERVER_PORT", port()))).isZero();
        assertThat(said()).isEqualTo("ready\n");
        assertThat(questions).hasValue(1);
    }

    @Test
    void asksThePublicPortWhereTheOtherIsClosed() {
        assertThat(run(Map.of("MANAGEMENT_SERVER_PORT", "-1", "SERVER_PORT", port()))).isZero();
        assertThat(run(Map.of("SERVER_PORT", port()))).isZero();
        assertThat(questions).hasValue(0);
    }

    @Test
    void takesAServiceThatLacksThePathForServing() {
        publicAnswer = 404;
        assertThat(run(Map.of("SERVER_PORT", port()))).isZero();
        String url = "http://127.0.0.1:" + port() + "/_matrix/identity/v2";
        assertThat(run(Map.of(), "--url", url)).isEqualTo(1);
        publicAnswer = 503;
        assertThat(run(Map.of("SERVER_PORT", port()))).isEqualTo(1);
    }

    @Test
    void asksWhereItIsTold() {
        unreadyAnswers = 1;
        String url = "http://127.0.0.1:" + port() + "/actuator/health/readiness";
        assertThat(run(Map.of(), "--url", url)).isEqualTo(1);
        assertThat(said()).isEqualTo("not ready: " + url + " answers 503\n");
        assertThat(run(Map.of(), "--url", url)).isZero();
    }

    @Test
    void waitsUntilItIsReady() {
        unreadyAnswers = 2;
        assertThat(run(Map.of("MANAGEMENT_SERVER_PORT", port()), "--wait", "600")).isZero();
        assertThat(questions).hasValue(3);
        assertThat(said()).isEqualTo("ready\n");
    }

    @Test
    void saysThatNobodyAnswers() {
        String port = port();
        server.stop(0);
        assertThat(run(Map.of("MANAGEMENT_SERVER_PORT", port))).isEqualTo(1);
        assertThat(said()).startsWith("not ready: nobody answers at http://127.0.0.1:" + port);
    }

    @Test
    void explainsWhatIsWrongWithACall() {
        for (List<String> words : List.of(List.of("--url"), List.of("--url", "file:///etc/passwd"),
                List.of("--url", "no url"), List.of("--wait", "soon"), List.of("--wait"), List.of("--often", "1"))) {
            assertThat(run(Map.of(), words.toArray(String[]::new))).as(words.toString()).isEqualTo(64);
        }
        assertThat(said().lines()).hasSize(6).allMatch(line -> line.startsWith("signet: "));
    }
}
