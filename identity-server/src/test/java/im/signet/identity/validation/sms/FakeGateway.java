package im.signet.identity.validation.sms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An SMS gateway on loopback, which takes everything until it is told otherwise. */
final class FakeGateway implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile String answer = "";
    private volatile boolean silent;

    private FakeGateway(HttpServer server) {
        this.server = server;
    }

    /** What the gateway was asked. */
    record Call(String method, String path, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }
    }

    static FakeGateway start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            FakeGateway gateway = new FakeGateway(server);
            server.createContext("/", gateway::answer);
            server.setExecutor(gateway.threads);
            server.start();
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            calls.add(new Call(exchange.getRequestMethod(), String.valueOf(exchange.getRequestURI()),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            if (silent) {
                awaitClosing();
                return;
            }
            if (status >= 300 && status < 400) {
                exchange.getResponseHeaders().set("Location", url("/elsewhere").toString());
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void awaitClosing() {
        try {
            closed.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Answers so from now on. */
    void answerWith(int newStatus, String newAnswer) {
        status = newStatus;
        answer = newAnswer;
        silent = false;
    }

    /** Takes calls from now on and never answers. */
    void fallSilent() {
        silent = true;
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Waits for that many calls whose body has this text in it, and returns them. */
    List<Call> await(int count, String text) {
        for (int i = 0; i < 600; i++) {
            List<Call> found = calls.stream().filter(call -> call.body().contains(text)).toList();
            if (found.size() >= count) {
                return found;
            }
            pause();
        }
        throw new AssertionError("no " + count + " calls, but " + calls.size());
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(50));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
