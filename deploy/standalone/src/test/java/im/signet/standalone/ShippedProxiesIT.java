package im.signet.standalone;

import im.signet.demo.DemoAuthority;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.standalone.ReverseProxy.Shipped;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Every configuration of `deploy/proxy`, in the proxy that it is for, before the real server and before echoes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShippedProxiesIT {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CANARY = "canary-token-7d1e";
    private static final int REGISTRATIONS = 4;
    private static final Set<String> OF_THE_CONNECTION = Set
            .of("connection", "keep-alive", "transfer-encoding", "date", "content-length", "x-request-id");

    @TempDir
    private Path folder;
    private Town town;
    private @Nullable Town townApart;
    private int guests;
    private int neighbourhoods;

    @BeforeAll
    void start() {
        Map<String, String> settings = Map.of("signet.names.domains", "example.org", "signet.names.registration",
                "open", "signet.trusted-proxies", "127.0.0.1", "signet.limits.registrations-per-network",
                REGISTRATIONS + " then 1 per 1h", "management.server.port", "0");
        town = Town.start(settings);
        townApart = Town.startApart(Map.of("signet.names.domains", "example.org", "signet.names.registration", "open"));
    }

    @AfterAll
    void stop() {
        town.close();
        if (townApart != null) {
            townApart.close();
        }
    }

    private static Stream<Shipped> together() {
        return Arrays.stream(Shipped.values()).filter(shipped -> !shipped.isApart());
    }

    private static Stream<Shipped> apart() {
        return Arrays.stream(Shipped.values()).filter(Shipped::isApart);
    }

    /** Somebody with an address of their own, who trusts an authority. */
    private record Client(HttpClient http, URI server) implements AutoCloseable {

        static Client of(DemoAuthority authority, String address, URI server) {
            return new Client(HttpClient.newBuilder()
                    .sslContext(authority.clientContext())
                    .localAddress(InetAddress.ofLiteral(address))
                    .connectTimeout(PATIENCE)
                    .build(), server);
        }

        HttpResponse<String> send(String method, String path, String body, String... headers)
                throws IOException, InterruptedException {
            return http.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
        }

        CompletableFuture<HttpResponse<String>> later(String path, String... headers) {
            return http.sendAsync(request("GET", path, "", headers), HttpResponse.BodyHandlers.ofString());
        }

        private HttpRequest request(String method, String path, String body, String... headers) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return request.build();
        }

        HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
            return send("GET", path, "", headers);
        }

        @Override
        public void close() {
            http.shutdownNow();
        }
    }

    /** A proxy before echoes. */
    private final class Echoes implements AutoCloseable {

        private final DemoAuthority authority = DemoAuthority.create();
        private final Map<Service, EchoServer> servers = new EnumMap<>(Service.class);
        private final ReverseProxy proxy;
        private final Client client;

        Echoes(Shipped shipped) throws IOException {
            assumeTrue(shipped.isInstalled(), "needs " + shipped.software());
            for (Service service : shipped.isApart()
                    ? List.of(Service.TERMS, Service.IDENTITY, Service.NAMES)
                    : List.of(Service.ALL)) {
                servers.put(service, EchoServer.start(service.name()));
            }
            proxy = ReverseProxy.start(shipped, folder,
                    shipped.isApart()
                            ? ReverseProxy.Replicas.apart(replicas(Service.TERMS), replicas(Service.IDENTITY),
                                    replicas(Service.NAMES))
                            : ReverseProxy.Replicas.together(replicas(Service.ALL)),
                    authority);
            client = clientAt("127.0.0.2");
        }

        private List<ReverseProxy.Replica> replicas(Service service) {
            return servers.entrySet()
                    .stream()
                    .filter(server -> server.getKey() == service)
                    .map(server -> server.getValue().replica())
                    .toList();
        }

        Client clientAt(String address) {
            return Client.of(authority, address, proxy.url());
        }

        /** Returns what a request looked like behind the proxy. */
        JsonObject echo(String method, String path, String... headers) throws IOException, InterruptedException {
            HttpResponse<String> response = client.send(method, path, "", headers);
            assertThat(response.statusCode()).as(method + " " + path + " " + response.body()).isEqualTo(200);
            return StrictJson.parseObject(response.body()).orElseThrow();
        }

        @Override
        public void close() {
            client.close();
            proxy.close();
            servers.values().forEach(EchoServer::close);
        }
    }

    private enum Service {
        ALL, TERMS, IDENTITY, NAMES
    }

    private record Endpoint(String method, String path, Service service) {

        boolean isInternal() {
            return path.startsWith("/_signet/terms/introspect") || path.startsWith("/_signet/holdings");
        }
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        town.server()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> {
                    String module = handler.getBeanType().getPackageName();
                    Service service = module.startsWith("im.signet.terms")
                            ? Service.TERMS
                            : module.startsWith("im.signet.names") ? Service.NAMES : Service.IDENTITY;
                    for (String path : mapping.getPatternValues()) {
                        for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                            endpoints.add(new Endpoint(method.name(), path.replaceAll("\\{[^}]+}", "x"), service));
                        }
                    }
                });
        assertThat(endpoints).hasSizeGreaterThan(50)
                .extracting(Endpoint::service)
                .contains(Service.TERMS, Service.IDENTITY, Service.NAMES);
        return endpoints;
    }

    @ParameterizedTest
    @EnumSource(Shipped.class)
    void bringsEveryEndpointToItsServiceAndNothingElseInside(Shipped shipped) throws Exception {
        try (Echoes echoes = new Echoes(shipped)) {
            for (Endpoint endpoint : endpoints()) {
                String path = endpoint.path() + "?a=b%20c&access_token=" + CANARY;
                if (endpoint.isInternal()) {
                    assertThat(echoes.client.send(endpoint.method(), path, "").statusCode()).as(path).isEqualTo(404);
                } else {
                    JsonObject echo = echoes.echo(endpoint.method(), path, "Authorization", "Bearer " + CANARY);
                    assertThat(echo.string("service")).as(endpoint.toString())
                            .contains((shipped.isApart() ? endpoint.service() : Service.ALL).name());
                    assertThat(echo.string("uri")).as("to the letter").contains(path);
                    assertThat(echo.array("authorization")).contains(JsonArray.ofStrings(List.of("Bearer " + CANARY)));
                }
            }
            for (String path : List.of("/_signet/terms/introspect", "/_signet/terms/%69ntrospect",
                    "/_signet//terms/introspect", "/_signet/terms/./introspect", "/_signet/terms/x/../introspect",
                    "/_signet/terms/introspect?a=b", "/_signet/holdings", "/_signet/holdings/of",
                    "/_signet/%68oldings/of", "/%5fsignet/holdings/of")) {
                HttpResponse<String> refused = echoes.client.send("POST", path, "");
                assertThat(refused.statusCode()).as(path).isEqualTo(404);
                assertThat(errcode(refused)).as(path).isEqualTo("M_UNRECOGNIZED");
            }
            echoes.echo("GET", "/h/holdings@example.org");
            echoes.servers.values()
                    .forEach(server -> assertThat(server.askedOfManagement())
                            .allMatch("GET /actuator/health/readiness"::equals));
        }
    }

    private static String errcode(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        return StrictJson.parseObject(response.body()).orElseThrow().string("errcode").orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Shipped.class)
    void tellsWhoTheClientIsAndNotWhatItSaysItIs(Shipped shipped) throws Exception {
        try (Echoes echoes = new Echoes(shipped)) {
            for (String path : List.of(V2 + "/account", V2 + "/lookup", "/_signet/ns/v1/handles/a@example.org")) {
                for (String[] said : List.of(new String[0], new String[]{"X-Forwarded-For", "203.0.113.9"},
                        new String[]{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "127.0.0.1"},
                        new String[]{"X-Forwarded-For", "127.0.0.1, 203.0.113.9"})) {
                    assertThat(echoes.echo("GET", path, said).array("forwarded"))
                            .contains(JsonArray.ofStrings(List.of("127.0.0.2")));
                }
            }
            try (Client another = echoes.clientAt("127.0.0.3")) {
                assertThat(another.get(V2 + "/account").body()).contains("\"127.0.0.3\"");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shipped.class)
    void givesEachRequestAnIdOfItsOwn(Shipped shipped) throws Exception {
        try (Echoes echoes = new Echoes(shipped)) {
            String chosen = "0123456789abcdef".repeat(2);
            Set<JsonArray> ids = new HashSet<>();
            for (String path : List.of(V2 + "/account", V2 + "/lookup", "/_signet/ns/v1/handles/a@example.org")) {
                JsonArray id = echoes.echo("GET", path, "X-Request-Id", chosen, "X-Request-Id", CANARY)
                        .array("requestId")
                        .orElseThrow();
                // What the server takes for an id: observe.md.
                assertThat(StrictJson.write(id)).matches(
                        "\\[\"(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\"]").doesNotContain(chosen);
                assertThat(ids.add(id)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shipped.class)
    void speaksHttp2AndPassesBodiesUpToTheLimit(Shipped shipped) throws Exception {
        try (Echoes echoes = new Echoes(shipped)) {
            HttpResponse<String> largest = echoes.client.send("POST", V2 + "/lookup", "x".repeat(1024 * 1024));
            assertThat(largest.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(StrictJson.parseObject(largest.body()).orElseThrow().integer("length")).contains(1048576L);
        }
    }

    @ParameterizedTest
    @EnumSource(Shipped.class)
    void saysInJsonWhenNobodyIsThereAndKeepsNothing(Shipped shipped) throws Exception {
        try (Echoes echoes = new Echoes(shipped)) {
            echoes.echo("GET", V2 + "/account?access_token=" + CANARY);
            for (String request : List.of(
                    "GET /" + CANARY + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "GET " + V2 + "/account?" + CANARY + "=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "GET /{" + CANARY + "}|\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: localhost\r\n" + CANARY + " : x\r\n\r\n", CANARY + "\r\n\r\n")) {
                raw(echoes, request);
            }
            echoes.servers.values().forEach(EchoServer::close);
            // All at once: Caddy waits for a while whether the server comes back.
            List<CompletableFuture<HttpResponse<String>>> answers = Stream
                    .of(V2 + "/account?access_token=" + CANARY,
                            V2 + "/account?access_token=" + CANARY + "%0d%0a%00", V2 + "/" + CANARY)
                    .map(path -> echoes.client.later(path, "Authorization", "Bearer " + CANARY))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> later : answers) {
                HttpResponse<String> answer = later.get();
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(errcode(answer)).isEqualTo("M_UNKNOWN");
                assertThat(answer.headers().allValues("access-control-allow-origin")).containsExactly("*");
                assertThat(answer.headers().firstValue("retry-after")).isPresent();
            }
            assertThat(echoes.proxy.log()).doesNotContain(CANARY, "access_token", "127.0.0.2");
        }
    }

    /** Sends what no HTTP client would, and reads what comes back, if anything does. */
    private static void raw(Echoes echoes, String request) throws IOException {
        URI server = echoes.proxy.url();
        try (Socket plain = new Socket(server.getHost(), server.getPort(), InetAddress.ofLiteral("127.0.0.2"), 0);
                SSLSocket socket = (SSLSocket) echoes.authority.clientContext()
                        .getSocketFactory()
                        .createSocket(plain, server.getHost(), server.getPort(), true)) {
            // By itself it names no host that has no dot.
            SSLParameters named = socket.getSSLParameters();
            named.setServerNames(List.of(new SNIHostName(server.getHost())));
            socket.setSSLParameters(named);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.getInputStream().readNBytes(12)).isNotNull();
        } catch (SocketException | SocketTimeoutException hungUp) {
            assertThat(request).contains(CANARY);
        }
    }

    private String openId(Town where) {
        return StrictJson.write(where.homeserver.openId(where.homeserver.register("proxied" + ++guests)));
    }

    private String registered(Town where, Client client) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send("POST", V2 + "/account/register", openId(where));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String token = StrictJson.parseObject(answer.body()).orElseThrow().string("token").orElseThrow();
        assertThat(client.send("POST", V2 + "/terms",
                "{\"user_accepts\":[\"https://id.example.org/privacy/1/fr\"]}", "Authorization", "Bearer " + token)
                .statusCode()).isEqualTo(200);
        return token;
    }

    /** Accounts, terms, addresses and handles: one after the other, by one client. */
    private void isUsed(Town where, Client client) throws IOException, InterruptedException {
        String token = registered(where, client);
        String[] mine = {"Authorization", "Bearer " + token};
        assertThat(client.get(V2 + "/account", mine).body()).contains("\"user_id\":\"@proxied" + guests + ":");
        // Synapse still sends it so.
        HttpResponse<String> details = client.get(V2 + "/hash_details?access_token=" + token);
        assertThat(details.statusCode()).isEqualTo(200);
        String pepper = StrictJson.parseObject(details.body()).orElseThrow().string("lookup_pepper").orElseThrow();
        List<String> hashes = Stream.generate(() -> "a".repeat(43)).limit(9_999).toList();
        JsonObject lookup = JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper)
                .put("addresses", JsonArray.ofStrings(hashes))
                .build();
        assertThat(client.send("POST", V2 + "/lookup", StrictJson.write(lookup), mine).body())
                .isEqualTo("{\"mappings\":{}}");
        HttpResponse<String> tooLarge = client.send("POST", V2 + "/lookup", "x".repeat(1024 * 1024 + 1), mine);
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(errcode(tooLarge)).isEqualTo("M_TOO_LARGE");
        assertThat(errcode(client.get(V2 + "/nothing-of-ours", mine))).isEqualTo("M_UNRECOGNIZED");
        HttpResponse<String> card = client.get("/.well-known/signet");
        assertThat(card.statusCode()).as(card.body()).isEqualTo(200);
        for (String outside : List.of("/actuator/health", "/actuator/prometheus")) {
            assertThat(client.get(outside).statusCode()).isEqualTo(404);
        }
        // What a firewall or the server makes of paths that a proxy did not recognise as internal.
        for (String path : List.of("/_signet/x/../holdings", "/x/../_signet/holdings/of",
                "/_signet/%2e/holdings", "/_signet;a/holdings", "/_signet/holdings;a", "/_signet%2fholdings")) {
            assertThat(client.send("POST", path, "", mine).statusCode()).as(path).isIn(400, 404);
        }
        HttpResponse<String> preflight = client.send("OPTIONS", V2 + "/lookup", "", "Origin", "https://app.example.org",
                "Access-Control-Request-Method", "POST");
        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().allValues("access-control-allow-origin")).containsExactly("*");
    }

    @ParameterizedTest
    @MethodSource("together")
    void standsBeforeTheServer(Shipped shipped) throws Exception {
        assumeTrue(shipped.isInstalled(), "needs " + shipped.software());
        String mine = "127.1." + ++neighbourhoods;
        try (ReverseProxy proxy = town.proxy(shipped);
                Client client = Client.of(town.authority, mine + ".2", proxy.url());
                Client another = Client.of(town.authority, mine + ".3", proxy.url());
                Client direct = Client.of(town.authority, "127.0.0.1", town.baseUrl())) {
            isUsed(town, client);
            direct.get(V2 + "/pubkey/none").headers().map().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    assertThat(through(client).map()).as("untouched").containsEntry(name, values);
                }
            });
            for (int i = 1; i < REGISTRATIONS; i++) {
                registered(town, client);
            }
            assertThat(client.send("POST", V2 + "/account/register", openId(town), "X-Forwarded-For", "203.0.113.9")
                    .statusCode()).isEqualTo(429);
            assertThat(client.send("POST", V2 + "/account/register", openId(town)).statusCode()).isEqualTo(429);
            registered(town, another);
            assertThat(proxy.log()).doesNotContain("access_token", mine);
        }
    }

    private static java.net.http.HttpHeaders through(Client client) {
        try {
            return client.get(V2 + "/pubkey/none").headers();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("apart")
    void standsBeforeServicesApart(Shipped shipped) throws Exception {
        assumeTrue(shipped.isInstalled(), "needs " + shipped.software());
        Town apart = Objects.requireNonNull(townApart);
        String owner = "owner." + shipped.software();
        try (ReverseProxy proxy = apart.proxy(shipped);
                Client client = Client.of(apart.authority, "127.2.0.1", proxy.url())) {
            isUsed(apart, client);
            TownHandle handle = TownHandle.register(apart, owner, Handle.of(owner + "@example.org"));
            assertThat(client.get("/_signet/ns/v1/identities/" + handle.identity.id()).statusCode()).isEqualTo(200);
            assertThat(client.get("/h/" + owner + "@example.org").statusCode()).isEqualTo(200);
            assertThat(proxy.log()).doesNotContain("access_token", "127.2.0.");
        }
    }
}
