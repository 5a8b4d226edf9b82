package im.signet.client.jdk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/** An HTTP server on loopback that answers each route as a test wants it, and remembers what it was asked. */
public final class ScriptedServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Reaction> script = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** Answers one request. */
    interface Reaction {
        void to(HttpExchange exchange) throws IOException;
    }

    /** One request, as it arrived; {@code target} is the path with its query, as it was written. */
    record Asked(String route, String target, Map<String, List<String>> headers, String body) {}

    private ScriptedServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    static ScriptedServer start() throws IOException {
        return new ScriptedServer(HttpServer.create(loopback(), 0), "http");
    }

    static ScriptedServer start(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new ScriptedServer(server, "https");
    }

    ScriptedServer on(String route, int status, String body) {
        return on(route, exchange -> reply(exchange, status, body));
    }

    ScriptedServer on(String route, Reaction reaction) {
        script.put(route, reaction);
        return this;
    }

    static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    URI url(String host) {
        return URI.create(scheme + "://" + host + ":" + server.getAddress().getPort());
    }

    List<Asked> asked() {
        return asked;
    }

    List<String> routes() {
        return asked.stream().map(Asked::route).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            asked.add(new Asked(route, exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()),
                    body));
            Reaction reaction = script.get(route);
            if (reaction == null) {
                reply(exchange, 404, "{\"errcode\":\"M_UNRECOGNIZED\",\"error\":\"no such endpoint\"}");
            } else {
                reaction.to(exchange);
            }
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
