package im.signet.kit.outbound;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/**
 * An internet of a test's own: servers that really listen on loopback, over real TLS, stand for public addresses; each
 * address that a client connects to is noted. Nothing of the policy has to be loosened for it.
 */
public final class TestInternet implements AutoCloseable {

    static {
        // Else the JDK's server waits for an acknowledgement that comes 40 ms late.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final TestAuthority authority = new TestAuthority();
    private final ScriptedNames names = new ScriptedNames();
    private final Map<InetSocketAddress, Integer> loopbackPorts = new ConcurrentHashMap<>();
    private final List<InetSocketAddress> dialled = new CopyOnWriteArrayList<>();
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public TestAuthority authority() {
        return authority;
    }

    public ScriptedNames names() {
        return names;
    }

    /** Returns the addresses and ports that clients connected to or tried to, in turn. */
    public List<InetSocketAddress> dialled() {
        return dialled;
    }

    /** Returns the text of the addresses that clients connected to or tried to. */
    public List<String> dialledHosts() {
        return dialled.stream().map(address -> address.getAddress().getHostAddress()).distinct().toList();
    }

    /** Returns a client that resolves, trusts and connects within this internet. */
    public GuardedHttpClient client(String... allowedRanges) {
        return client(names, allowedRanges);
    }

    GuardedHttpClient client(NameResolver resolver, String... allowedRanges) {
        AddressPolicy policy = new AddressPolicy(Stream.of(allowedRanges).map(AddressRange::valueOf).toList());
        GuardedHttpClient client = new GuardedHttpClient(
                PinnedConnections.client(policy, resolver, authority.clientContext(), RoutedSocket::new));
        open.add(client::close);
        return client;
    }

    /** Starts a server at a public address whose certificate holds the names. */
    public Site site(String ip, int port, String... certificateNames) {
        return site(ip, port, authority.serverContext(certificateNames));
    }

    Site site(String ip, int port, SSLContext tls) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            server.setExecutor(threads);
            server.start();
            open.add(() -> server.stop(0));
            listen(ip, port, server.getAddress().getPort());
            return new Site(server);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a server at a public address that speaks whatever the conversation does, over TLS. */
    void hostileSite(String ip, int port, Conversation conversation, String... certificateNames) {
        try {
            serve(authority.serverContext(certificateNames)
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress()), ip, port, conversation);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a server at a public address that speaks whatever the conversation does, without TLS. */
    void plainSite(String ip, int port, Conversation conversation) {
        try {
            serve(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), ip, port, conversation);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts a server over TLS that answers so many requests on each connection, and resets the connection at the next
     * one. Returns the methods of the requests that came in, in turn, one list a connection.
     */
    List<List<String>> resettingSite(String ip, int port, int answers, String... certificateNames) {
        List<List<String>> connections = new CopyOnWriteArrayList<>();
        SSLContext tls = authority.serverContext(certificateNames);
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            open.add(server);
            listen(ip, port, server.getLocalPort());
            threads.execute(() -> {
                while (!server.isClosed()) {
                    try {
                        Socket socket = server.accept();
                        open.add(socket);
                        List<String> methods = new CopyOnWriteArrayList<>();
                        connections.add(methods);
                        threads.execute(() -> answerThenReset(socket, tls, answers, methods));
                    } catch (IOException _) {
                        return;
                    }
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return connections;
    }

    private static void answerThenReset(Socket socket, SSLContext tls, int answers, List<String> methods) {
        try (socket; Socket secured = tls.getSocketFactory().createSocket(socket, null, true)) {
            for (int answered = 0; answered <= answers; answered++) {
                String method = new String(secured.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
                readHead(secured.getInputStream());
                methods.add(method);
                if (answered < answers) {
                    secured.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.UTF_8));
                }
            }
            // Below TLS, which would take its leave.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // The client left.
        }
    }

    private void serve(ServerSocket server, String ip, int port, Conversation conversation) {
        open.add(server);
        listen(ip, port, server.getLocalPort());
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    open.add(socket);
                    threads.execute(() -> converse(socket, conversation));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    private static void converse(Socket socket, Conversation conversation) {
        try (socket) {
            conversation.hold(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException | InterruptedException _) {
            // The client left, which is what most of these conversations are for.
        }
    }

    private void listen(String ip, int port, int loopbackPort) {
        loopbackPorts.put(new InetSocketAddress(IpLiteral.parse(ip).orElseThrow(), port), loopbackPort);
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        threads.shutdownNow();
    }

    /** What a hostile server does with a connection. */
    @FunctionalInterface
    interface Conversation {
        void hold(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    /** Reads the head of a request, so that an answer can follow. */
    static void readHead(InputStream in) throws IOException {
        int ended = 0;
        while (ended < 4) {
            int next = in.read();
            if (next == -1) {
                throw new IOException("the client left");
            }
            ended = next == "\r\n\r\n".charAt(ended) ? ended + 1 : 0;
        }
    }

    /** A web site on the test's internet. */
    public static final class Site {

        private final HttpsServer server;
        private final List<Asked> asked = new CopyOnWriteArrayList<>();

        private Site(HttpsServer server) {
            this.server = server;
        }

        /** Answers a path with a status and JSON. */
        public Site answers(String path, int status, String json) {
            return handles(path, exchange -> respond(exchange, status, json));
        }

        /** Answers a path with a redirect. */
        public Site redirects(String path, int status, String location) {
            return handles(path, exchange -> {
                exchange.getResponseHeaders().add("Location", location);
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
        }

        /** Answers a path as the handler does. */
        public Site handles(String path, HttpHandler handler) {
            try {
                server.removeContext(path);
            } catch (IllegalArgumentException _) {
                // It answered nothing there so far.
            }
            server.createContext(path, exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                asked.add(new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                        Map.copyOf(exchange.getRequestHeaders()), new String(body, StandardCharsets.UTF_8)));
                handler.handle(exchange);
            });
            return this;
        }

        /** Returns what this site was asked, in turn. */
        public List<Asked> asked() {
            return asked;
        }

        /** Ends the site; further connections to it are refused. */
        public void stop() {
            server.stop(0);
        }
    }

    /** Sends a JSON answer. */
    public static void respond(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** A request as a site got it; header names begin with a capital, the rest is lower case. */
    public record Asked(String method, String target, Map<String, List<String>> headers, String body) {

        /** Returns the one value of a header. */
        public String header(String name) {
            return String.join("|", headers.getOrDefault(name, List.of()));
        }
    }

    private final class RoutedSocket extends Socket {

        RoutedSocket() {
            super(Proxy.NO_PROXY);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            InetSocketAddress wanted = (InetSocketAddress) endpoint;
            dialled.add(wanted);
            Integer port = loopbackPorts.get(new InetSocketAddress(wanted.getAddress(), wanted.getPort()));
            if (port == null) {
                throw new ConnectException("nobody listens there");
            }
            super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
        }
    }
}
