package im.signet.kit.outbound;

import im.signet.kit.outbound.TestInternet.Site;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.kit.outbound.Outcomes.answered;
import static im.signet.kit.outbound.Outcomes.assertRefused;
import static im.signet.kit.outbound.Outcomes.assertUnreachable;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class LimitsTest {

    private static final String IP = "93.184.216.34";
    private static final String OTHER_IP = "93.184.216.35";
    private static final String HOST = "example.org";
    private static final Duration SHORT = Duration.ofMillis(700);

    private final TestInternet internet = new TestInternet();

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    // Size

    @Test
    void acceptsAnAnswerOfExactlyTheLimitAndNoByteMore() {
        internet.names().answer(HOST, IP);
        internet.site(IP, 443, HOST).answers("/1000", 200, "x".repeat(1000)).answers("/1001", 200, "x".repeat(1001));
        GuardedHttpClient client = internet.client();
        assertThat(answered(client.send(get("/1000").withSizeLimit(1000))).body()).hasSize(1000);
        assertRefused(client.send(get("/1001").withSizeLimit(1000)), HOST, "more than 1000 bytes");
    }

    @Test
    void limitsAnAnswerInChunks() {
        internet.names().answer(HOST, IP);
        internet.site(IP, 443, HOST).handles("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[OutboundRequest.DEFAULT_SIZE_LIMIT + 1]);
            exchange.close();
        });
        assertRefused(internet.client().send(get("/")), "more than 524288 bytes");
    }

    @Test
    void limitsAnAnswerThatOnlyEndsWithTheConnection() {
        internet.names().answer(HOST, IP);
        CountDownLatch gone = new CountDownLatch(1);
        internet.hostileSite(IP, 443, (in, out) -> {
            TestInternet.readHead(in);
            try {
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                while (true) {
                    out.write(new byte[8192]);
                }
            } finally {
                gone.countDown();
            }
        }, HOST);
        assertRefused(internet.client().send(get("/").withTimeLimit(Duration.ofSeconds(30))), "more than 524288 bytes");
        await(gone);
    }

    @Test
    void doesNotReadWhatIsAnnouncedTooLarge() {
        internet.names().answer(HOST, IP);
        CountDownLatch gone = new CountDownLatch(1);
        internet.hostileSite(IP, 443, (in, out) -> {
            TestInternet.readHead(in);
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx".getBytes(StandardCharsets.UTF_8));
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } finally {
                gone.countDown();
            }
        }, HOST);
        assertRefused(internet.client().send(get("/").withTimeLimit(Duration.ofSeconds(30))), "more than 524288 bytes");
        await(gone);
    }

    @Test
    void limitsTheHead() {
        internet.names().answer(HOST, IP);
        internet.hostileSite(IP, 443, (in, out) -> {
            TestInternet.readHead(in);
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write(new byte[1024]);
            }
        }, HOST);
        internet.names().answer("second.example", OTHER_IP);
        internet.hostileSite(OTHER_IP, 443, (in, out) -> {
            TestInternet.readHead(in);
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("X: y\r\n".getBytes(StandardCharsets.UTF_8));
            }
        }, "second.example");
        GuardedHttpClient client = internet.client();
        assertRefused(client.send(get("/")), HOST, "head");
        assertRefused(client.send(OutboundRequest.get(Destination.of("second.example", 443), "/")), "head");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "deflate", "br", "x-unknown", "gzip, gzip"})
    void unpacksNothing(String encoding) throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[10_000_000]);
        }
        assertThat(bomb.size()).isLessThan(OutboundRequest.DEFAULT_SIZE_LIMIT);
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST).handles("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", encoding);
            exchange.sendResponseHeaders(200, bomb.size());
            exchange.getResponseBody().write(bomb.toByteArray());
            exchange.close();
        });
        assertRefused(internet.client().send(get("/")), HOST, "encoding");
        assertThat(site.asked().getFirst().header("Accept-encoding")).isEqualTo("identity");
    }

    // Time

    @Test
    void endsAnAnswerThatDrips() {
        internet.names().answer(HOST, IP);
        internet.hostileSite(IP, 443, (in, out) -> {
            TestInternet.readHead(in);
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            drip(out);
        }, HOST);
        assertUnreachable(internet.client().send(get("/").withTimeLimit(SHORT)), HOST, "in time");
    }

    @Test
    void endsAHeadThatDrips() {
        internet.names().answer(HOST, IP);
        internet.hostileSite(IP, 443, (in, out) -> drip(out), HOST);
        assertUnreachable(internet.client().send(get("/").withTimeLimit(SHORT)), HOST, "in time");
    }

    @Test
    void endsAHandshakeThatIsNeverAnswered() {
        internet.names().answer(HOST, IP);
        CountDownLatch gone = new CountDownLatch(1);
        internet.plainSite(IP, 443, (in, out) -> {
            in.transferTo(OutputStream.nullOutputStream());
            gone.countDown();
        });
        assertUnreachable(internet.client().send(get("/").withTimeLimit(SHORT)), HOST, "in time");
        await(gone);
    }

    @Test
    void endsAResolutionThatIsNeverAnswered() {
        CountDownLatch interrupted = new CountDownLatch(1);
        NameResolver silent = new NameResolver() {

            @Override
            public List<InetAddress> addresses(String host) throws UnknownHostException {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                    interrupted.countDown();
                }
                throw new UnknownHostException();
            }

            @Override
            public List<ServiceRecord> services(String name) {
                return List.of();
            }
        };
        assertUnreachable(internet.client(silent).send(get("/").withTimeLimit(SHORT)), HOST, "in time");
        await(interrupted);
    }

    @Test
    void limitsTheTimeOfAllRedirectsTogether() {
        internet.names().answer(HOST, IP);
        internet.site(IP, 443, HOST).handles("/", exchange -> {
            sleep(300);
            exchange.getResponseHeaders().add("Location", "/again");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        OutboundRequest request = get("/").followingRedirects().withTimeLimit(SHORT);
        assertUnreachable(internet.client().send(request), HOST, "in time");
    }

    @Test
    void staysInterruptedWhenItsCallerIs() {
        internet.names().answer(HOST, IP);
        internet.hostileSite(IP, 443, (in, out) -> drip(out), HOST);
        Thread.currentThread().interrupt();
        assertUnreachable(internet.client().send(get("/")), HOST, "interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static OutboundRequest get(String pathAndQuery) {
        return OutboundRequest.get(Destination.of(HOST, 443), pathAndQuery);
    }

    private static void drip(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            out.write('H');
            out.flush();
            Thread.sleep(100);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
