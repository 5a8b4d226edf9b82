package im.signet.standalone;

import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Stands in for a service behind a proxy: it answers everything with its name and with what it was sent. */
final class EchoServer implements AutoCloseable {

    private final String name;
    private final HttpServer server;
    private final HttpServer management;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<String> askedOfManagement = new ConcurrentLinkedQueue<>();

    private EchoServer(String name) throws IOException {
        this.name = name;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        this.management = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::echo);
        management.setExecutor(threads);
        management.createContext("/", this::ready);
        server.start();
        management.start();
    }

    /** Starts one that calls itself so. */
    static EchoServer start(String name) {
        try {
            return new EchoServer(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns where it is. */
    ReverseProxy.Replica replica() {
        return new ReverseProxy.Replica(server.getAddress().getPort(), management.getAddress().getPort());
    }

    /** Returns what was asked of its management port. */
    List<String> askedOfManagement() {
        return List.copyOf(askedOfManagement);
    }

    private void echo(HttpExchange exchange) throws IOException {
        try (exchange) {
            long length = exchange.getRequestBody().readAllBytes().length;
            JsonObject answer = JsonObject.builder()
                    .put("service", name)
                    .put("uri", exchange.getRequestURI().toString())
                    .put("length", length)
                    .put("forwarded", all(exchange, "X-Forwarded-For"))
                    .put("authorization", all(exchange, "Authorization"))
                    .put("requestId", all(exchange, "X-Request-Id"))
                    .build();
            send(exchange, StrictJson.write(answer));
        }
    }

    private static JsonArray all(HttpExchange exchange, String header) {
        return JsonArray.ofStrings(exchange.getRequestHeaders().getOrDefault(header, List.of()));
    }

    private void ready(HttpExchange exchange) throws IOException {
        try (exchange) {
            askedOfManagement.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            send(exchange, "{\"status\":\"UP\"}");
        }
    }

    private static void send(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        management.stop(0);
        threads.shutdownNow();
    }
}
