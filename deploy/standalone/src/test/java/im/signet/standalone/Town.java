package im.signet.standalone;

import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.IdentityServer;
import im.signet.client.OpenIdToken;
import im.signet.client.Proof;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.TokenRequest;
import im.signet.client.jdk.JdkTransport;
import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.demo.walk.PageForm;
import im.signet.kit.database.TestDatabase;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The standalone server, a homeserver and a mailbox, all real and on loopback, and people who use them. */
final class Town implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final DemoAuthority authority = DemoAuthority.create();
    final DemoHomeserver homeserver = DemoHomeserver.start(authority);
    final MailCatcher mailbox = MailCatcher.start();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Path folder;
    private final ConfigurableApplicationContext server;
    private final URI url;

    private Town(Map<String, String> settings) {
        try {
            folder = Files.createTempDirectory("signet-town");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        authority.writeCaFile(folder.resolve("ca.pem"));
        TestDatabase database = TestDatabase.fresh();
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
                "--signet.server-name=id.example.org", "--signet.public-url=http://localhost",
                "--signet.data-dir=" + folder.resolve("data"), "--signet.database.url=" + database.url(),
                "--signet.database.username=" + database.username(),
                "--signet.database.password=" + database.password(),
                "--signet.mail.host=localhost", "--signet.mail.port=" + mailbox.port(), "--signet.mail.security=none",
                "--signet.mail.from=signet@example.org", "--signet.federation.ca-file=" + folder.resolve("ca.pem"),
                "--signet.federation.allow-addresses=127.0.0.0/8,::1"));
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        server = new SpringApplicationBuilder(StandaloneApplication.class).logStartupInfo(false)
                .run(arguments.toArray(String[]::new));
        url = URI.create("http://localhost:" + server.getEnvironment().getProperty("local.server.port"));
    }

    /** Starts everything; the server has one policy in two languages, and these settings on top. */
    static Town start(Map<String, String> settings) {
        Map<String, String> all = new java.util.HashMap<>(Map.of("signet.terms.policies[privacy_policy].version", "1",
                "signet.terms.policies[privacy_policy].en.name", "Privacy",
                "signet.terms.policies[privacy_policy].en.url", "https://id.example.org/privacy/1/en",
                "signet.terms.policies[privacy_policy].fr.name", "Vie priv\u00e9e",
                "signet.terms.policies[privacy_policy].fr.url", "https://id.example.org/privacy/1/fr"));
        all.putAll(settings);
        return new Town(all);
    }

    ConfigurableApplicationContext server() {
        return server;
    }

    URI url(String path) {
        return url.resolve(path);
    }

    IdentityServer app() {
        return IdentityServer.at(url, JdkTransport.create(), ClientOptions.defaults().allowingLoopbackHttp())
                .orElseThrow();
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

    /** Opens a mailed link and presses its first button; returns the page that follows. */
    Reply confirm(URI link) {
        Reply page = get(onThisPort(link).toString(), "");
        PageForm form = PageForm.in(page.body()).getFirst();
        return send("POST", form.action(), "", form.encoded(), "application/x-www-form-urlencoded");
    }

    // The server's public URL has no port; nobody listens there.
    private URI onThisPort(URI link) {
        return url.resolve(link.getRawPath() + "?" + link.getRawQuery());
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

    Reply send(String method, String path, String token, String body, String type) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", type)
                .method(method, body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
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
        server.close();
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
