package im.signet.client.jdk;

import im.signet.client.jdk.ScriptedServer.Reaction;
import im.signet.client.transport.Method;
import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
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

/** What every {@link Transport} of ours holds to, over real HTTP and HTTPS. */
@Timeout(60)
public abstract class TransportContract {
    private static final int LIMIT = 4 * 1024 * 1024;
    private static final int MANY = 64;

    private Transport transport;
    private ScriptedServer server;

    /**
     * How a transport is to be set up; what is empty stays as it is by itself.
     *
     * @param requestTimeout how long all of a request may take
     * @param trusted        whose certificate is trusted, and no other
     * @param proxy          through which everything goes, by HTTP
     */
    public record Setup(Optional<Duration> requestTimeout, Optional<TestCertificate> trusted,
            Optional<InetSocketAddress> proxy) {
        static Setup plain() {
            return new Setup(Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Setup impatient() {
            return new Setup(Optional.of(Duration.ofMillis(300)), Optional.empty(), Optional.empty());
        }

        Setup trusting(TestCertificate certificate) {
            return new Setup(requestTimeout, Optional.of(certificate), proxy);
        }

        Setup through(int port) {
            return new Setup(requestTimeout, trusted,
                    Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
    }

    /** Returns a new transport. */
    protected abstract Transport transport(Setup setup);

    @BeforeEach
    void start() throws IOException {
        transport = transport(Setup.plain());
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Request get(String path) {
        return Request.of(Method.GET, server.url().resolve(path), Map.of("Accept", "application/json"));
    }

    private Transport impatient() {
        return transport(Setup.impatient());
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

        Map<String, List<String>> sent = server.asked().get(0).headers();
        assertThat(sent.keySet()).isSubsetOf("Accept", "Host", "User-agent", "Content-length", "Connection",
                "Accept-encoding");
        assertThat(sent).containsEntry("User-agent", List.of("signet-client"));
        assertThat(sent.getOrDefault("Connection", List.of("Keep-Alive"))).containsExactly("Keep-Alive");
        assertThat(sent.getOrDefault("Accept-encoding", List.of("identity"))).containsExactly("identity");
    }

    @Test
    void postsWithoutABody() throws IOException {
        server.on("POST /logout", 200, "{}");
        transport.send(Request.of(Method.POST, server.url().resolve("/logout"), Map.of()));

        assertThat(server.asked().get(0).body()).isEmpty();
        assertThat(server.asked().get(0).headers()).doesNotContainKey("Content-type");
    }

    @Test
    void putsABody() throws IOException {
        server.on("PUT /a", 200, "{}");
        transport.send(Request.of(Method.PUT, server.url().resolve("/a"), Map.of("Content-Type", "application/json"),
                "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(server.asked().get(0).body()).isEqualTo("{\"a\":1}");
        assertThat(server.asked().get(0).headers()).containsEntry("Content-type", List.of("application/json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/user/%40a%2F..%2Fb%3D%3F%23%2B%3Aexample.org/x", "/a+b;c=d/~e",
        "/a?sid=1&client_secret=a.b%3D",
        "/a?q=%20%2B%27%22"})
    void asksForThePathAsItIsWritten(String path) throws IOException {
        transport.send(get(path));
        assertThat(server.asked().get(0).target()).isEqualTo(path);
    }

    @Test
    void returnsHeadersByAnyCaseAndEveryStatus() throws IOException {
        server.on("GET /a", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "7");
            exchange.getResponseHeaders().add("cache-control", "max-age=5");
            ScriptedServer.reply(exchange, 429, "{}");
        });
        Response response = transport.send(get("/a"));

        assertThat(response.status()).isEqualTo(429);
        assertThat(response.header("retry-after")).contains("7");
        assertThat(response.header("Cache-Control")).contains("max-age=5");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 421, 503})
    void asksOnlyOnceWhateverTheAnswer(int status) throws IOException {
        Reaction reaction = exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "0");
            ScriptedServer.reply(exchange, status, "{}");
        };
        server.on("GET /a", reaction).on("POST /a", reaction);

        Response response = transport.send(get("/a"));
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Retry-After")).contains("0");
        transport.send(Request.of(Method.POST, server.url().resolve("/a"), Map.of(), new byte[]{'{', '}'}));
        assertThat(server.routes()).containsExactly("GET /a", "POST /a");
    }

    @Test
    void postsOnlyOnceWhateverBecomesOfTheConnection() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        try (RawServer raw = RawServer.start(connection -> {
            posts.incrementAndGet();
            RawServer.readHead(connection);
        })) {
            for (byte[] body : List.of(new byte[]{'{', '}'}, new byte[0])) {
                posts.set(0);
                Request post = body.length == 0
                        ? Request.of(Method.POST, raw.url(), Map.of())
                        : Request.of(Method.POST, raw.url(), Map.of(), body);
                assertThatIOException().isThrownBy(() -> transport.send(post));
                assertThat(posts).hasValue(1);
            }
        }
    }

    @Test
    void reachesAServerThatClosedTheLastConnection() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        try (RawServer raw = RawServer.start(connection -> {
            RawServer.readHead(connection);
            RawServer.write(connection, answer);
        })) {
            for (int i = 0; i < 5; i++) {
                Request post = Request.of(Method.POST, raw.url(), Map.of());
                assertThat(transport.send(post).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void unpacksNothing() throws IOException {
        byte[] packed = gzip(new byte[64 * 1024 * 1024]);
        server.on("GET /a", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, packed.length);
            exchange.getResponseBody().write(packed);
        });
        assertThat(transport.send(get("/a")).body()).isEqualTo(packed);
    }

    @Test
    void keepsNoAnswers() throws IOException {
        server.on("GET /a", exchange -> {
            exchange.getResponseHeaders().add("Cache-Control", "max-age=3600");
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            ScriptedServer.reply(exchange, 200, "{}");
        });
        transport.send(get("/a"));
        transport.send(get("/a"));

        assertThat(server.routes()).hasSize(2);
        assertThat(server.asked().get(1).headers()).doesNotContainKey("If-none-match");
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

    @Test
    void tellsThatANameIsNotKnown() {
        URI nowhere = URI.create("http://id.invalid/");
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> transport.send(Request.of(Method.GET, nowhere, Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"})
    void whatIsNoHttpIsAnIoException(String answer) throws Exception {
        try (RawServer raw = RawServer.start(connection -> {
            RawServer.readHead(connection);
            RawServer.write(connection, answer);
        })) {
            assertThatIOException().isThrownBy(() -> transport.send(Request.of(Method.GET, raw.url(), Map.of())));
        }
    }

    @Test
    void trustsWhomItIsToldToTrust() throws Exception {
        TestCertificate certificate = TestCertificate.forLoopback();
        try (ScriptedServer https = ScriptedServer.start(certificate.ofServer())) {
            https.on("GET /a", 200, "{}");
            Request request = Request.of(Method.GET, https.url().resolve("/a"), Map.of());

            assertThat(transport(Setup.plain().trusting(certificate)).send(request).status()).isEqualTo(200);
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> transport.send(request));
        }
    }

    @Test
    void checksTheNameInACertificate() throws Exception {
        TestCertificate certificate = TestCertificate.forLoopback();
        try (ScriptedServer https = ScriptedServer.start(certificate.ofServer())) {
            Transport trusting = transport(Setup.plain().trusting(certificate));
            Request request = Request.of(Method.GET, https.url("localhost").resolve("/a"), Map.of());

            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> trusting.send(request));
            assertThat(https.asked()).isEmpty();
        }
    }

    @Test
    void goesThroughTheProxy() throws IOException {
        server.on("GET /a", 200, "{}");
        Transport proxied = transport(Setup.plain().through(server.url().getPort()));

        proxied.send(Request.of(Method.GET, URI.create("http://id.invalid/a"), Map.of()));
        assertThat(server.asked().get(0).headers()).containsEntry("Host", List.of("id.invalid"));
    }

    @Test
    void showsAProxyNothingButWhichServerItIs() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawServer proxy = RawServer.start(connection -> {
            heads.add(RawServer.readHead(connection));
            RawServer.write(connection, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        })) {
            Transport proxied = transport(Setup.plain().through(proxy.url().getPort()));
            Request request = Request.of(Method.GET, URI.create("https://id.invalid/a?client_secret=s3cret"),
                    Map.of("Authorization", "Bearer t0ken"));

            assertThatIOException().isThrownBy(() -> proxied.send(request));
            assertThat(heads).isNotEmpty()
                    .allMatch(head -> head.startsWith("CONNECT id.invalid:443 HTTP/1.1\r\n"))
                    .noneMatch(head -> head.contains("t0ken") || head.contains("s3cret"));
        }
    }

    @Test
    void carriesForManyAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(MANY);
        server.on("GET /a", exchange -> {
            all.countDown();
            await(all);
            ScriptedServer.reply(exchange, 200, "{}");
        });
        ExecutorService callers = Executors.newFixedThreadPool(MANY);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                answers.add(callers.submit(() -> transport.send(get("/a")).status()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
