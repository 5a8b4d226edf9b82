package im.signet.standalone;

import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.IdentityServer;
import im.signet.client.Lookup;
import im.signet.client.OpenIdToken;
import im.signet.client.Proof;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.TokenRequest;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.jdk.JdkTransport;
import im.signet.client.transport.Request;
import im.signet.client.transport.Transport;
import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.demo.walk.PageForm;
import im.signet.demo.walk.ServerProcess;
import im.signet.kit.database.TestDatabase;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The standalone server, a homeserver and a mailbox, all real and on loopback, and people who use them. */
final class Town implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final DemoAuthority authority = DemoAuthority.create();
    final DemoHomeserver homeserver = DemoHomeserver.start(authority);
    final MailCatcher mailbox = MailCatcher.start();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .sslContext(authority.clientContext())
            .build();
    private final Path folder;
    private final List<URI> urls = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger seekers = new AtomicInteger();
    private final TestDatabase database = TestDatabase.fresh();
    private @Nullable ConfigurableApplicationContext server;
    private final List<ServerProcess> processes = new ArrayList<>();
    private Map<String, String> own = Map.of();
    private List<ReverseProxy.Replica> replicasOfAll = List.of();
    private @Nullable ReverseProxy before;
    private @Nullable Apart apart;
    private @Nullable ServerProcess termsService;

    private Town() {
        try {
            folder = Files.createTempDirectory("signet-town");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        authority.writeCaFile(folder.resolve("ca.pem"));
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.address", "127.0.0.1");
        settings.put("signet.server-name", "id.example.org");
        settings.put("signet.public-url", "http://localhost");
        settings.put("signet.data-dir", folder.resolve("data").toString());
        settings.put("signet.database.url", database.url());
        settings.put("signet.database.username", database.username());
        settings.put("signet.database.password", database.password());
        settings.put("signet.mail.host", "localhost");
        settings.put("signet.mail.port", String.valueOf(mailbox.port()));
        settings.put("signet.mail.security", "none");
        settings.put("signet.mail.from", "signet@example.org");
        settings.put("signet.federation.ca-file", folder.resolve("ca.pem").toString());
        settings.put("signet.federation.allow-addresses", "127.0.0.0/8,::1");
        settings.put("signet.terms.policies[privacy_policy].version", "1");
        settings.put("signet.terms.policies[privacy_policy].en.name", "Privacy");
        settings.put("signet.terms.policies[privacy_policy].en.url", "https://id.example.org/privacy/1/en");
        settings.put("signet.terms.policies[privacy_policy].fr.name", "Vie priv\u00e9e");
        settings.put("signet.terms.policies[privacy_policy].fr.url", "https://id.example.org/privacy/1/fr");
        settings.putAll(more);
        return settings;
    }

    /** Starts everything with one server in this process, which has one policy in two languages and these settings on top. */
    static Town start(Map<String, String> settings) {
        Town town = new Town();
        List<String> arguments = new ArrayList<>(List.of("--server.port=0"));
        town.settings(settings).forEach((name, value) -> arguments.add("--" + name + "=" + value));
        ConfigurableApplicationContext server = new SpringApplicationBuilder(StandaloneApplication.class)
                .logStartupInfo(false)
                .run(arguments.toArray(String[]::new));
        town.server = server;
        town.urls.add(URI.create("http://localhost:" + server.getEnvironment().getProperty("local.server.port")));
        return town;
    }

    /**
     * Starts everything with packaged servers in processes of their own, on one database, with these settings on top;
     * requests go round between them.
     */
    static Town startProcesses(int count, Map<String, String> more) {
        Town town = new Town();
        Map<String, String> settings = town.settings(more);
        List<ReverseProxy.Replica> replicas = freePorts(count);
        town.startProcesses("server", settings, replicas, ServerProcess::start);
        replicas.forEach(replica -> town.urls.add(URI.create("http://localhost:" + replica.port())));
        town.replicasOfAll = replicas;
        return town;
    }

    /**
     * Starts everything with one packaged server in a process of its own, with these settings on top, which goes on to run
     * where it is {@linkplain #stopServer stopped} and {@linkplain #startServer started} again.
     *
     * @param embedded whether its database is the one that it brings
     */
    static Town startProcess(boolean embedded, Map<String, String> more) {
        Town town = new Town();
        int port = ServerProcess.freePort();
        Map<String, String> settings = town.settings(more);
        settings.put("server.port", String.valueOf(port));
        if (embedded) {
            settings.keySet().removeIf(setting -> setting.startsWith("signet.database."));
        }
        town.own = settings;
        town.urls.add(URI.create("http://localhost:" + port));
        town.startServer();
        return town;
    }

    /** Starts the server of {@link #startProcess} again, with these settings in place of its own. */
    void startServer(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            own.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        processes.add(ServerProcess.start(UnpackedServer.jar(), configFile("server", own), urls.getFirst().getPort()));
    }

    /** Stops the server of {@link #startProcess}. */
    void stopServer() {
        processes.forEach(ServerProcess::stop);
        processes.clear();
    }

    /** What a command did. */
    record Ended(int status, String said, String complained) {}

    /** Gives a command to the server of {@link #startProcess}, with these settings in place of its own. */
    Ended command(Map<String, String> more, String... words) {
        Map<String, String> settings = new LinkedHashMap<>(own);
        settings.putAll(more);
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", configFile("command", settings).toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Signet.commandLine(_ -> Optional.empty())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }

    /** Returns where the town keeps its files. */
    Path folder() {
        return folder;
    }

    /** The same behind a proxy, which all requests go through. */
    static Town startBehind(ReverseProxy.Shipped shipped, int count, Map<String, String> more) {
        Town town = startProcesses(count, more);
        ReverseProxy proxy = town.proxy(shipped);
        town.before = proxy;
        town.urls.clear();
        town.urls.add(proxy.url());
        return town;
    }

    /** Stops one of the packaged servers in good order, starts it again, and waits until it says that it is ready. */
    void restart(int which) throws InterruptedException {
        ReverseProxy.Replica replica = replicasOfAll.get(which);
        processes.get(which).stop();
        processes.set(which, ServerProcess.start(UnpackedServer.jar(),
                folder.resolve("server" + replica.port() + ".yaml"), replica.port()));
        HttpRequest ready = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + replica.management() + "/actuator/health/readiness"))
                .timeout(PATIENCE)
                .build();
        while (!isReady(ready)) {
            Thread.sleep(50);
        }
    }

    // Its port is there a moment after the other one.
    private boolean isReady(HttpRequest question) throws InterruptedException {
        try {
            return http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What is there besides where the services run apart: the terms-service's own, and the proxy before all of them. */
    private record Apart(TestDatabase database, ReverseProxy proxy, Ports ports) {}

    /**
     * Where the services are that run apart.
     *
     * @param withNames whether nameservers do, or nobody listens there
     */
    private record Ports(ReverseProxy.Replicas replicas, boolean withNames) {

        static Ports free(boolean withNames) {
            return new Ports(ReverseProxy.Replicas.apart(freePorts(1), freePorts(2), freePorts(2)), withNames);
        }

        ReverseProxy.Replica terms() {
            return replicas.terms().getFirst();
        }

        List<ReverseProxy.Replica> identities() {
            return replicas.identities();
        }

        List<ReverseProxy.Replica> names() {
            return replicas.names();
        }
    }

    private static List<ReverseProxy.Replica> freePorts(int count) {
        return Stream.generate(() -> new ReverseProxy.Replica(ServerProcess.freePort(), ServerProcess.freePort()))
                .limit(count)
                .toList();
    }

    /**
     * Starts everything with packaged servers behind a reverse proxy: the terms-service, with a database and keys of its
     * own, two replicas of the identity-server and, where these settings on top name a domain for handles, two of the
     * nameserver. All are given the same settings, but for what is each one's own.
     */
    static Town startApart(Map<String, String> more) {
        Town town = new Town();
        Ports ports = Ports.free(more.containsKey("signet.names.domains"));
        Map<String, String> settings = town.settingsApart(ports, "identity");
        settings.putAll(more);
        town.startProcesses("identity", settings, ports.identities(), ServerProcess::startIdentity);
        if (ports.withNames()) {
            Map<String, String> ofNames = town.settingsApart(ports, "names");
            ofNames.putAll(more);
            town.startProcesses("names", ofNames, ports.names(), ServerProcess::startNames);
        }
        try {
            ReverseProxy proxy = ReverseProxy.start(ReverseProxy.Shipped.NGINX_APART, town.folder, ports.replicas(),
                    town.authority);
            town.apart = new Apart(TestDatabase.fresh(), proxy, ports);
            town.urls.add(proxy.url());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        town.startTerms(Map.of());
        return town;
    }

    private interface Starter {

        ServerProcess start(Path jar, Path config, int port);
    }

    /** Starts replicas, on one another's heels as a cluster does. */
    private void startProcesses(String name, Map<String, String> settings, List<ReverseProxy.Replica> replicas,
            Starter starter) {
        Path jar = UnpackedServer.jar();
        processes.addAll(replicas.parallelStream().map(replica -> {
            Map<String, String> own = new LinkedHashMap<>(settings);
            own.put("server.port", String.valueOf(replica.port()));
            own.put("management.server.port", String.valueOf(replica.management()));
            return starter.start(jar, configFile(name + replica.port(), own), replica.port());
        }).toList());
    }

    /** Starts a proxy before the servers that are running; close it before the town. */
    ReverseProxy proxy(ReverseProxy.Shipped shipped) {
        try {
            return ReverseProxy.start(shipped, folder, replicas(), authority);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ReverseProxy.Replicas replicas() {
        if (apart != null) {
            return apart.ports().replicas();
        }
        if (!replicasOfAll.isEmpty()) {
            return ReverseProxy.Replicas.together(replicasOfAll);
        }
        ConfigurableEnvironment environment = server().getEnvironment();
        return ReverseProxy.Replicas.together(List.of(new ReverseProxy.Replica(
                environment.getRequiredProperty("local.server.port", Integer.class),
                environment.getRequiredProperty("local.management.port", Integer.class))));
    }

    private Map<String, String> settingsApart(Ports ports, String service) {
        Map<String, String> settings = settings(Map.of());
        settings.put("signet.trusted-proxies", "127.0.0.1");
        settings.put("signet.introspection.clients.identity.secret", "what-the-services-know-of-each-other");
        settings.put("signet.introspection.clients.identity.url",
                "http://127.0.0.1:" + ports.identities().getFirst().port());
        if (ports.withNames()) {
            settings.put("signet.introspection.clients.names.secret", "what-the-other-two-know-of-each-other");
            settings.put("signet.introspection.clients.names.url",
                    "http://127.0.0.1:" + ports.names().getFirst().port());
        }
        settings.put("signet.terms-service.url", "http://127.0.0.1:" + ports.terms().port());
        settings.put("signet.terms-service.client-id", service);
        settings.put("signet.terms-service.client-secret",
                settings.get("signet.introspection.clients." + service + ".secret"));
        return settings;
    }

    private Apart apart() {
        if (apart == null) {
            throw new IllegalStateException("all services run in one process");
        }
        return apart;
    }

    /** Starts the terms-service of services that run apart, with these settings on top. */
    void startTerms(Map<String, String> more) {
        Apart theirs = apart();
        Map<String, String> settings = settingsApart(theirs.ports(), "identity");
        settings.put("server.port", String.valueOf(theirs.ports().terms().port()));
        settings.put("management.server.port", String.valueOf(theirs.ports().terms().management()));
        settings.put("signet.data-dir", termsFolder().toString());
        settings.put("signet.database.url", theirs.database().url());
        settings.put("signet.database.username", theirs.database().username());
        settings.put("signet.database.password", theirs.database().password());
        settings.putAll(more);
        termsService = ServerProcess.startTerms(UnpackedServer.jar(), configFile("terms", settings),
                theirs.ports().terms().port());
    }

    /** Stops the terms-service of services that run apart. */
    void stopTerms() {
        if (termsService != null) {
            termsService.stop();
        }
    }

    /** Returns the folder of the terms-service that runs apart. */
    Path termsFolder() {
        return folder.resolve("terms-data");
    }

    /** Returns the database that holds a schema. */
    JdbcClient sql(String schema) {
        return JdbcClient.create((apart != null && schema.equals("terms") ? apart.database() : database).dataSource());
    }

    /** Returns what the reverse proxy wrote into its logs. */
    String proxyLog() {
        return before == null ? apart().proxy().log() : before.log();
    }

    /** Returns what the packaged servers logged as warnings and errors, with what threw them, or nothing where there is none. */
    String complaints() {
        try {
            return Pattern.compile("^\\S+ +(?:WARN|ERROR) .*(?:\\R(?!\\d{4}-).*){0,120}", Pattern.MULTILINE)
                    .matcher(Files.readString(folder.resolve("server.log")))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path configFile(String name, Map<String, String> settings) {
        String yaml = settings.entrySet()
                .stream()
                .map(setting -> "\"" + setting.getKey() + "\": \""
                        + setting.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining());
        try {
            return Files.writeString(folder.resolve(name + ".yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a command to the server as its operator does, {@code admin WORDS...}, and returns its status. */
    int admin(String... words) {
        List<String> arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--config", configFile("admin", settings(Map.of())).toString()));
        return Signet.commandLine(_ -> Optional.empty()).execute(arguments.toArray(String[]::new));
    }

    /** What a command came to, and what it said. */
    record Told(int status, String out, String err) {}

    /** Gives a command to all services, or to the identity-server where they run apart; nobody can be asked. */
    Told operator(String... words) {
        return operator(configFile("admin", settings(Map.of())), words);
    }

    /** Gives a command to the terms-service of services that run apart. */
    Told operatorOfTerms(String... words) {
        return operator(folder.resolve("terms.yaml"), words);
    }

    private static Told operator(Path config, String... words) {
        List<String> arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--config", config.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Signet.commandLine(_ -> Optional.empty())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
        return new Told(status, out.toString(), err.toString());
    }

    /** Returns the folder of the server's keys. */
    Path keyFolder() {
        return folder.resolve("data/keys");
    }

    /** Returns the server in this process. */
    ConfigurableApplicationContext server() {
        if (server == null) {
            throw new IllegalStateException("the servers are processes of their own");
        }
        return server;
    }

    /** Returns a path on the server whose turn it is. */
    private URI url(String path) {
        URI given = URI.create(path);
        String target = given.getRawPath() + (given.getRawQuery() == null ? "" : "?" + given.getRawQuery());
        return urls.get(turn.getAndIncrement() % urls.size()).resolve(target);
    }

    /** Returns where clients think that the server is. */
    URI baseUrl() {
        return urls.getFirst();
    }

    /** Everybody's way to the town: whatever host is asked, the server whose turn it is answers. */
    Transport transport() {
        Transport transport = JdkTransport.builder().sslContext(authority.clientContext()).build();
        return request -> {
            URI url = url(request.url().toString());
            return transport.send(request.body()
                    .map(body -> Request.of(request.method(), url, request.headers(), body))
                    .orElseGet(() -> Request.of(request.method(), url, request.headers())));
        };
    }

    IdentityServer app() {
        return IdentityServer.at(baseUrl(), transport(), ClientOptions.defaults().allowingLoopbackHttp()).orElseThrow();
    }

    Terms terms() {
        if (app().terms() instanceof TermsReading.Read(Terms terms)) {
            return terms;
        }
        throw new AssertionError("no terms");
    }

    <P extends Purpose> Consent<P> consent(P purpose) {
        Terms terms = terms();
        Consent.Draft<P> draft = terms.consentTo(purpose);
        terms.policies().forEach(policy -> draft.accept(policy, "en"));
        return draft.give();
    }

    Session session(UserId user, Consent<?> consent) {
        OpenIdToken openId = OpenIdToken.parse(homeserver.openId(user)).orElseThrow();
        Connection connection = app().connect(consent, openId);
        if (connection instanceof Connection.Connected(Session session)) {
            return session;
        }
        throw new AssertionError("not connected: " + connection);
    }

    /** Takes a user through consent, mail, page and binding, as an app and a browser would. */
    void publish(UserId user, String email) throws InterruptedException {
        Consent<Purpose.PublishAddress> consent = consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = session(user, consent).publication(consent);
        Address address = Address.of(Medium.EMAIL, email);
        if (!(publication.requestEmailToken(address) instanceof TokenRequest.Sent(var pending))) {
            throw new AssertionError("no mail");
        }
        confirm(mailbox.awaitMailTo(address.value(), PATIENCE).links().getFirst());
        if (!(publication.proof(pending) instanceof Proof.Proven(var proven))) {
            throw new AssertionError("not proven");
        }
        publication.bind(proven);
    }

    /** Has a user who has just come look an address up, and returns whom they find. */
    List<UserId> found(String email) {
        Consent<Purpose.DiscoverContacts> consent = consent(Purpose.DISCOVER_CONTACTS);
        Lookup lookup = session(homeserver.register("seeker" + seekers.incrementAndGet()), consent).discovery(consent)
                .lookup(AddressBook.empty().with(email, Address.of(Medium.EMAIL, email)));
        if (lookup instanceof Lookup.Found found) {
            return found.contacts().stream().map(DiscoveredContact::userId).toList();
        }
        throw new AssertionError("no answer: " + lookup);
    }

    /** Opens a mailed link and presses its first button; returns the page that follows. */
    Reply confirm(URI link) {
        // The server's public URL has no port, and nobody listens there: url() puts one in.
        Reply page = get(link.toString(), "");
        PageForm form = PageForm.in(page.body()).getFirst();
        return send("POST", form.action(), "", form.encoded(), "application/x-www-form-urlencoded");
    }

    /** Opens the overview of a token's user, as an app and a browser would. */
    Reply overview(String token) {
        Reply link = post("/_signet/terms/manage", token, "");
        return confirm(URI.create(link.json().string("url").orElseThrow(() -> new AssertionError(link.body()))));
    }

    /** Presses the button of a page's form with that action, and those of its hidden fields that have these values. */
    Reply press(Reply page, String action, Map<String, String> fields) {
        PageForm form = PageForm.in(page.body())
                .stream()
                .filter(each -> each.action().equals(action))
                .filter(each -> fields.entrySet()
                        .stream()
                        .allMatch(field -> each.fields()
                                .getOrDefault(field.getKey(), field.getValue())
                                .equals(field.getValue())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(page.body()));
        Map<String, String> all = new LinkedHashMap<>(form.fields());
        all.putAll(fields);
        return send("POST", action, "", new PageForm(action, all).encoded(), "application/x-www-form-urlencoded");
    }

    /** An answer of the server. */
    record Reply(int status, Map<String, String> headers, String body) {

        JsonObject json() {
            return StrictJson.parseObject(body).orElseThrow();
        }

        String errcode() {
            return json().string("errcode").orElse("");
        }
    }

    Reply get(String path, String token) {
        return send("GET", path, token, "", "application/json");
    }

    Reply post(String path, String token, String json) {
        return send("POST", path, token, json, "application/json");
    }

    Reply send(String method, String path, String token, String body, String type, String... headers) {
        return sendAuthorized(method, path, token.isEmpty() ? "" : "Bearer " + token, body, type, headers);
    }

    /** Posts as somebody who reads that language. */
    Reply post(String path, String token, String language, String json) {
        return send("POST", path, token, json, "application/json", "Accept-Language", language);
    }

    /** Sends a request with this {@code Authorization} header, where it is not empty. */
    Reply sendAuthorized(String method, String path, String authorization, String body, String type,
            String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(path))
                .timeout(PATIENCE)
                .header("Content-Type", type)
                .method(method, body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers()
                    .map()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().getFirst())),
                    new String(response.body(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Registers with an OpenID token and returns the access token; no terms are accepted. */
    String register(UserId user) {
        Reply reply = post("/_matrix/identity/v2/account/register", "", StrictJson.write(homeserver.openId(user)));
        return reply.json().string("token").orElseThrow(() -> new AssertionError(reply.body()));
    }

    void acceptTerms(String token) {
        post("/_matrix/identity/v2/terms", token, "{\"user_accepts\":[\"https://id.example.org/privacy/1/fr\"]}");
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        stopTerms();
        processes.forEach(ServerProcess::stop);
        if (apart != null) {
            apart.proxy().close();
        }
        if (before != null) {
            before.close();
        }
        homeserver.close();
        mailbox.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
