package im.signet.client.jdk;

import im.signet.client.transport.Method;
import im.signet.client.transport.Request;
import im.signet.client.transport.Response;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class JdkTransportTest {
    private static final int LIMIT = 4 * 1024 * 1024;

    private final JdkTransport transport = JdkTransport.create();
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Request get(String path) {
        return Request.of(Method.GET, server.url().resolve(path), Map.of("Accept", "application/json"));
    }

    private static JdkTransport impatient() {
        return JdkTransport.builder().requestTimeout(Duration.ofMillis(300)).build();
    }

    @Test
    void carriesMethodHeadersAndBody() throws IOException {
        server.on("POST /a", 418, "{\"a\":\"é\"}");
        Response response = transport.send(Request.of(Method.POST, server.url().resolve("/a?b=c%3D"),
                Map.of("Authorization", "Bearer t"), "{\"ü\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(response.status()).isEqualTo(418);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"é\"}");
        ScriptedServer.Asked asked = server.asked().get(0);
        assertThat(asked.body()).isEqualTo("{\"ü\":1}");
        assertThat(asked.headers()).containsEntry("Authorization", List.of("Bearer t"));
    }

    @Test
    void addsNothingThatTellsOnTheUser() throws IOException {
        server.on("GET /a", 200, "{}");
        transport.send(get("/a"));

        assertThat(server.asked().get(0).headers()).containsOnlyKeys("Accept", "Host", "User-agent", "Content-length")
                .containsEntry("User-agent", List.of("signet-client"));
    }

    @Test
    void postsWithoutABody() throws IOException {
        server.on("POST /logout", 200, "{}");
        transport.send(Request.of(Method.POST, server.url().resolve("/logout"), Map.of()));

        assertThat(server.asked().get(0).body()).isEmpty();
    }

    @Test
    void keepsNoCookies() throws IOException {
        server.on("GET /a", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "id=7; Path=/");
            ScriptedServer.reply(exchange, 200, "{}");
        });
        transport.send(get("/a"));
        transport.send(get("/a"));

        assertThat(server.asked().get(1).headers()).doesNotContainKey("Cookie");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void returnsRedirectsAsTheyAre(int status) throws IOException {
        server.on("GET /a", exchange -> {
            exchange.getResponseHeaders().add("Location", "/b");
            ScriptedServer.reply(exchange, status, "");
        });

        assertThat(transport.send(get("/a")).status()).isEqualTo(status);
        assertThat(server.routes()).containsExactly("GET /a");
    }

    @Test
    void returnsA401AsItIs() throws IOException {
        server.on("GET /a", 401, "{\"errcode\":\"M_UNAUTHORIZED\"}");
        assertThat(transport.send(get("/a")).status()).isEqualTo(401);
        assertThat(server.routes()).hasSize(1);
    }

    @Test
    void readsUpToTheLimit() throws IOException {
        server.on("GET /a", 200, "x".repeat(LIMIT));
        assertThat(transport.send(get("/a")).body()).hasSize(LIMIT);
    }

    @Test
    void refusesWhatIsAnnouncedTooLarge() {
        server.on("GET /a", exchange -> {
            exchange.sendResponseHeaders(200, 100L * LIMIT);
            exchange.getResponseBody().write(new byte[10]);
        });
        assertThatIOException().isThrownBy(() -> transport.send(get("/a"))).withMessageContaining("larger than");
    }

    @Test
    void stopsReadingWhatNeverEnds() {
        server.on("GET /a", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[64 * 1024];
            while (!Thread.currentThread().isInterrupted()) {
                exchange.getResponseBody().write(chunk);
            }
        });
        assertThatIOException().isThrownBy(() -> transport.send(get("/a"))).withMessageContaining("larger than");
    }

    @Test
    void doesNotWaitForAnAnswerForEver() {
        CountDownLatch never = new CountDownLatch(1);
        server.on("GET /a", exchange -> await(never));
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> impatient().send(get("/a")));
        never.countDown();
    }

    @Test
    void doesNotWaitForTheRestOfABodyForEver() {
        CountDownLatch never = new CountDownLatch(1);
        server.on("GET /a", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(never);
        });
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> impatient().send(get("/a")));
        never.countDown();
    }

    @Test
    void canBeInterrupted() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("GET /a", exchange -> {
            asked.countDown();
            await(never);
        });
        boolean[] stillInterrupted = new boolean[1];
        Thread caller = new Thread(() -> {
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> transport.send(get("/a")));
            stillInterrupted[0] = Thread.currentThread().isInterrupted();
        });
        caller.start();
        asked.await();
        caller.interrupt();
        caller.join();

        assertThat(stillInterrupted[0]).isTrue();
        never.countDown();
    }

    @Test
    void tellsThatNobodyListens() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> transport.send(Request.of(Method.GET, nobody, Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"})
    void whatIsNoHttpIsAnIoException(String answer) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread raw = new Thread(() -> answerRaw(socket, answer));
            raw.start();
            URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
            assertThatIOException().isThrownBy(() -> transport.send(Request.of(Method.GET, url, Map.of())));
        }
    }

    @Test
    void trustsWhomItIsToldToTrust() throws Exception {
        TestCertificate certificate = TestCertificate.forLoopback();
        try (ScriptedServer https = ScriptedServer.start(certificate.ofServer())) {
            https.on("GET /a", 200, "{}");
            Request request = Request.of(Method.GET, https.url().resolve("/a"), Map.of());

            assertThat(JdkTransport.builder().sslContext(certificate.ofTrustingClient()).build().send(request).status())
                    .isEqualTo(200);
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> transport.send(request));
        }
    }

    @Test
    void checksTheNameInACertificate() throws Exception {
        TestCertificate certificate = TestCertificate.forLoopback();
        try (ScriptedServer https = ScriptedServer.start(certificate.ofServer())) {
            JdkTransport trusting = JdkTransport.builder().sslContext(certificate.ofTrustingClient()).build();
            Request request = Request.of(Method.GET, https.url("localhost").resolve("/a"), Map.of());

            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> trusting.send(request));
            assertThat(https.asked()).isEmpty();
        }
    }

    @Test
    void goesThroughTheProxy() throws IOException {
        server.on("GET /a", 200, "{}");
        URI url = server.url();
        JdkTransport proxied = JdkTransport.builder()
                .proxy(new InetSocketAddress(url.getHost(), url.getPort()))
                .build();

        proxied.send(Request.of(Method.GET, URI.create("http://id.invalid/a"), Map.of()));
        assertThat(server.asked().get(0).headers()).containsEntry("Host", List.of("id.invalid"));
    }

    @Test
    void wantsTimeLimitsThatAreSome() {
        JdkTransport.Builder builder = JdkTransport.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofDays(1)));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answerRaw(ServerSocket socket, String answer) {
        // Twice, as the JDK's client tries a GET again when a connection ends before an answer.
        for (int i = 0; i < 2; i++) {
            try (Socket connection = socket.accept()) {
                int count = connection.getInputStream().read(new byte[4096]);
                if (count > 0) {
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                return;
            }
        }
    }
}
