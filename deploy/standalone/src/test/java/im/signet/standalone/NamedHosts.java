package im.signet.standalone;

import im.signet.demo.DemoAuthority;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/**
 * Servers of this machine under names such as {@code https://id.example.org}, for programs that know nothing of tests: an HTTP
 * proxy tunnels to them.
 */
final class NamedHosts implements AutoCloseable {

    private static final Pattern CONNECT = Pattern.compile("CONNECT ([^ :]+):[0-9]+ ");

    private final DemoAuthority authority;
    private final ServerSocket proxy;
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final Map<String, HttpsServer> fronts = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();

    private NamedHosts(DemoAuthority authority) throws IOException {
        this.authority = authority;
        this.proxy = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Starts the proxy, to no host so far. */
    static NamedHosts start(DemoAuthority authority) {
        try {
            return new NamedHosts(authority);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leads {@code host} to a server of this machine that has TLS itself. */
    void name(String host, int port) {
        ports.put(host, port);
    }

    /** Leads {@code host} to a server without TLS, with a certificate for that name before it. */
    void nameWithTls(String host, URI server) {
        try {
            HttpsServer front = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            front.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext(host)));
            front.setExecutor(threads);
            front.createContext("/", exchange -> pass(exchange, server));
            front.start();
            fronts.put(host, front);
            name(host, front.getAddress().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int proxyPort() {
        return proxy.getLocalPort();
    }

    private void pass(HttpExchange exchange, URI server) throws IOException {
        try (exchange) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
            for (String header : new String[]{"Accept", "Authorization", "Content-Type"}) {
                String value = exchange.getRequestHeaders().getFirst(header);
                if (value != null) {
                    request.header(header, value);
                }
            }
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!proxy.isClosed()) {
            try {
                Socket client = proxy.accept();
                threads.execute(() -> tunnel(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void tunnel(Socket client) {
        try (client) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII), 1);
            Matcher wanted = CONNECT.matcher(Objects.requireNonNullElse(in.readLine(), ""));
            while (!Objects.requireNonNullElse(in.readLine(), "").isEmpty()) {
                // The headers say nothing that is needed.
            }
            Integer port = wanted.lookingAt() ? ports.get(wanted.group(1)) : null;
            OutputStream out = client.getOutputStream();
            out.write(("HTTP/1.1 " + (port == null ? "502 No Such Host" : "200 OK") + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            if (port != null) {
                pump(client, port);
            }
        } catch (IOException ended) {
            // The program sees that its connection ends.
            return;
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket client, int port) throws IOException, InterruptedException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread back = Thread.startVirtualThread(() -> copy(server, client));
            copy(client, server);
            back.join();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException ended) {
            // Whoever waits at the other end sees it end as well.
            return;
        }
    }

    @Override
    public void close() {
        fronts.values().forEach(front -> front.stop(0));
        try {
            proxy.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
        http.close();
    }
}
