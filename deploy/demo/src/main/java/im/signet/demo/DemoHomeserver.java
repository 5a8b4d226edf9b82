package im.signet.demo;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.FederationRequest;
import im.signet.protocol.signature.FederationRequest.Addressing;
import im.signet.protocol.signature.SigningKey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/**
 * A Matrix homeserver on loopback with the few endpoints that an identity service and its clients meet, over HTTPS. It is
 * for demonstrations and tests, so what it knows lives in memory and ends with it. Tests can have it misbehave. Safe for
 * use by several threads.
 */
public final class DemoHomeserver implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 1024 * 1024;
    private static final Map<String, String> CORS = Map.of(
            "Access-Control-Allow-Origin", "*",
            "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS",
            "Access-Control-Allow-Headers", "X-Requested-With, Content-Type, Authorization");

    private final ServerName name;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Accounts accounts;
    private final ServerKeys keys;
    private final IdentityServers identityServers;
    private final MatrixEndpoints endpoints;
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Reply> overrides = new ConcurrentHashMap<>();
    private volatile Duration hold = Duration.ZERO;
    private volatile boolean answering = true;

    private DemoHomeserver(SSLContext tls, Clock clock, SecureRandom random) throws IOException {
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        this.name = ServerName.of("localhost:" + server.getAddress().getPort());
        this.accounts = new Accounts(clock, random);
        this.keys = new ServerKeys(name, clock, random);
        this.identityServers = new IdentityServers(name, keys);
        this.endpoints = new MatrixEndpoints(name, baseUrl(), accounts, keys, identityServers);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::exchange);
        server.start();
    }

    /** Starts a homeserver on a free port, with a certificate of {@code authority} for localhost and 127.0.0.1. */
    public static DemoHomeserver start(DemoAuthority authority) {
        return start(authority, Clock.systemUTC());
    }

    /** As {@link #start(DemoAuthority)}; tokens and keys expire by {@code clock}. */
    public static DemoHomeserver start(DemoAuthority authority, Clock clock) {
        return start(authority.serverContext("localhost", "127.0.0.1"), clock, new SecureRandom());
    }

    /** Starts a homeserver on a free port with a TLS of the caller's choice, such as one whose certificate expired. */
    public static DemoHomeserver start(SSLContext tls, Clock clock, SecureRandom random) {
        try {
            return new DemoHomeserver(tls, clock, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its name in Matrix, {@code localhost:PORT}. */
    public ServerName serverName() {
        return name;
    }

    /** Returns the URL that all paths begin with, {@code https://localhost:PORT}. */
    public URI baseUrl() {
        return URI.create("https://" + name.value());
    }

    /** Makes an account and returns its id; throws an {@link IllegalArgumentException} when there is one of that name. */
    public UserId register(String localpart) {
        UserId user = UserId.of("@" + localpart + ":" + name.value());
        accounts.register(user);
        return user;
    }

    /** Returns the access token with which the user's client calls this homeserver; throws an {@link IllegalArgumentException} when there is no such account. */
    public String accessToken(UserId user) {
        return accounts.accessToken(user)
                .orElseThrow(() -> new IllegalArgumentException("there is no account " + user));
    }

    /** Returns a new OpenID object of the user, the same as a client gets over HTTP; throws an {@link IllegalArgumentException} when there is no such account. */
    public JsonObject openId(UserId user) {
        accessToken(user);
        return endpoints.openId(user);
    }

    /** Names an identity server in {@code /.well-known/matrix/client} from now on. */
    public void advertiseIdentityServer(URI baseUrl) {
        endpoints.advertise(baseUrl);
    }

    /**
     * Binds and unbinds for its users at the identity server that their clients name {@code idServer}, as
     * {@code id.example.org:8448/path}, and at no other that it is not told of. Where a real homeserver would ask at
     * {@code https://idServer}, this one asks at {@code baseUrl}, and checks certificates as {@code trust} does.
     */
    public void reachIdentityServer(String idServer, URI baseUrl, SSLContext trust) {
        identityServers.reach(idServer, baseUrl, trust);
    }

    /** Returns the key with which it signs, among others, its published keys. */
    public SigningKey signingKey() {
        return keys.current();
    }

    /** Takes a new signing key and publishes the one until now as old. */
    public void rotateKey() {
        keys.rotate();
    }

    /**
     * Returns the value of the {@code Authorization} header with which this homeserver sends a request to another server.
     * See <a href="https://spec.matrix.org/latest/server-server-api/#request-authentication">Server-Server API</a>.
     *
     * @param uri  path and query
     */
    public String xMatrix(String method, String uri, String destination, JsonObject content) {
        return xMatrix(Addressing.DESTINATION, method, uri, destination, content);
    }

    /** As {@link #xMatrix}, but signed as Synapse signs an unbind: over {@code destination_is} in place of {@code destination}. */
    public String xMatrixOfSynapse(String method, String uri, String destination, JsonObject content) {
        return xMatrix(Addressing.DESTINATION_IS, method, uri, destination, content);
    }

    private String xMatrix(Addressing addressing, String method, String uri, String destination, JsonObject content) {
        return new FederationRequest(method, uri, Optional.of(content))
                .sign(name, addressing, destination, keys.current())
                .toHeader();
    }

    /** Returns the bodies of the onbind calls that were answered with 200, in the order in which they came. */
    public List<JsonObject> onbinds() {
        return endpoints.onbinds();
    }

    /** Returns the requests so far, also those that were refused or not answered, in the order in which they came. */
    public List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /** Tells everybody who asks for user information, whatever the token, that it is this user's. */
    public void answerUserInfoAs(UserId someone) {
        endpoints.answerUserInfoAs(someone);
    }

    /** Answers every request for {@code path}, of whatever method, with this status and body, as JSON; the path as it is sent. */
    public void answer(String path, int status, String body) {
        overrides.put(path, Reply.text(status, body));
    }

    /** Redirects every request for {@code path}, of whatever method, to {@code location}. */
    public void redirect(String path, URI location) {
        overrides.put(path, Reply.redirect(location.toString()));
    }

    /** Waits so long before every answer; what the request asks for is done at once. */
    public void hold(Duration delay) {
        hold = delay;
    }

    /** Takes onbind calls by PUT only, as the specification of servers has it, in place of POST, as Synapse does. */
    public void takeOnbindByPut() {
        endpoints.takeOnbindBy("PUT");
    }

    /** Closes every connection without an answer, until {@link #resume} or {@link #behave}. */
    public void stopAnswering() {
        answering = false;
    }

    /** Answers again, after {@link #stopAnswering}. */
    public void resume() {
        answering = true;
    }

    /** Ends all misbehaviour. */
    public void behave() {
        overrides.clear();
        hold = Duration.ZERO;
        answering = true;
        endpoints.answerUserInfoAs(null);
        endpoints.takeOnbindBy("POST");
    }

    /** Stops listening and ends all connections; what was recorded stays readable. */
    @Override
    public void close() {
        server.stop(0);
        identityServers.close();
        threads.shutdownNow();
        threads.close();
    }

    private void exchange(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            RecordedRequest request = recorded(exchange, body);
            requests.add(request);
            Optional<Reply> reply = answering ? Optional.of(replyTo(request, body.length)) : Optional.empty();
            Thread.sleep(hold);
            if (reply.isPresent()) {
                send(exchange, reply.get());
            }
        } catch (InterruptedException _) {
            // The server is being closed.
            Thread.currentThread().interrupt();
        }
    }

    private Reply replyTo(RecordedRequest request, int bodyBytes) {
        if (bodyBytes > MAX_BODY_BYTES) {
            return Reply.refused(413, "M_TOO_LARGE", "the body is too large");
        }
        return Optional.ofNullable(overrides.get(request.path()))
                .orElseGet(() -> request.method().equals("OPTIONS")
                        ? Reply.ok(JsonObject.of())
                        : endpoints.answer(request));
    }

    private static RecordedRequest recorded(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI();
        Map<String, List<String>> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((field, values) -> headers.put(field.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return new RecordedRequest(exchange.getRequestMethod(), uri.getRawPath(),
                Optional.ofNullable(uri.getRawQuery()).orElse(""), headers, new String(body, StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        CORS.forEach(headers::set);
        reply.headers().forEach(headers::set);
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        // An answer to HEAD has no body, and -1 is how this server is told that there is none.
        boolean bodiless = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
        exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            exchange.getResponseBody().write(body);
        }
    }
}
