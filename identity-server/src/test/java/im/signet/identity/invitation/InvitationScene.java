package im.signet.identity.invitation;

import im.signet.demo.CaughtMail;
import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.identity.IdentityServerConfiguration;
import im.signet.identity.association.Associations;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection;
import im.signet.kit.web.ServiceName;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An identity server on a real port, with a database, a homeserver and a mail server of its own; it can be started again. */
final class InvitationScene implements AutoCloseable {

    static final String SERVER = "id.example.org";
    static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final AtomicInteger COUNT = new AtomicInteger();

    final DemoHomeserver homeserver;
    final MailCatcher mailbox;
    private final MovableClock clock = new MovableClock();
    final UserId alice;
    final UserId bob;
    private final TestDatabase database = TestDatabase.fresh();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private ConfigurableApplicationContext server;

    private InvitationScene(boolean mails, List<String> extraSettings) throws IOException {
        DemoAuthority authority = DemoAuthority.create();
        homeserver = DemoHomeserver.start(authority);
        mailbox = MailCatcher.start();
        alice = homeserver.register("alice");
        bob = homeserver.register("bob");
        folder = Files.createTempDirectory("signet-test");
        authority.writeCaFile(folder.resolve("ca.pem"));
        port = freePort();
        settings = new ArrayList<>(List.of("server.port=" + port, "server.address=127.0.0.1",
                "spring.main.banner-mode=off", "spring.web.resources.add-mappings=false",
                "signet.server-name=" + SERVER, "signet.public-url=http://localhost:" + port,
                "signet.data-dir=" + folder, "signet.database.url=" + database.url(),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password(),
                "signet.federation.ca-file=" + folder.resolve("ca.pem"),
                "signet.federation.allow-addresses=127.0.0.0/8,::1/128"));
        if (mails) {
            settings.addAll(List.of("signet.mail.host=127.0.0.1", "signet.mail.port=" + mailbox.port(),
                    "signet.mail.security=none", "signet.mail.from=signet@example.org"));
        }
        if (extraSettings.stream().noneMatch(setting -> setting.startsWith("signet.limits."))) {
            settings.add("signet.limits.enabled=false");
        }
        settings.addAll(extraSettings);
        server = run();
    }

    /** Starts everything; settings are {@code name=value} and come after those of the scene. */
    static InvitationScene open(String... extraSettings) {
        return open(true, extraSettings);
    }

    /** Starts everything, but tells the server of no mail server. */
    static InvitationScene openWithoutMail() {
        return open(false);
    }

    private static InvitationScene open(boolean mails, String... extraSettings) {
        try {
            return new InvitationScene(mails, List.of(extraSettings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Without a stereotype: the server's component scan finds the tests' classes, too.
    @EnableAutoConfiguration
    @Import(IdentityServerConfiguration.class)
    static class Application {}

    private ConfigurableApplicationContext run() {
        return new SpringApplicationBuilder(Application.class)
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean("clock", Clock.class, () -> clock);
                    beans.registerBean(TokenIntrospection.class, () -> InvitationScene::introspect);
                })
                .logStartupInfo(false)
                .run(settings.stream().map(setting -> "--" + setting).toArray(String[]::new));
    }

    private static TokenIntrospection.Answer introspect(AccessToken token, ServiceName service) {
        if (token.value().startsWith("of.")) {
            return new TokenIntrospection.Answer.Active(userOf(token, "of."), false);
        }
        if (token.value().startsWith("unsigned.")) {
            return new TokenIntrospection.Answer.Active(userOf(token, "unsigned."), true);
        }
        return new TokenIntrospection.Answer.Inactive();
    }

    private static UserId userOf(AccessToken token, String prefix) {
        return UserId.of(new String(Base64.getUrlDecoder().decode(token.value().substring(prefix.length())),
                StandardCharsets.UTF_8));
    }

    /** Returns a token of a user who has accepted all terms. */
    static String tokenOf(UserId user) {
        return "of." + encoded(user);
    }

    /** Returns a token of a user who has not. */
    static String unsignedTokenOf(UserId user) {
        return "unsigned." + encoded(user);
    }

    private static String encoded(UserId user) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(user.value().getBytes(StandardCharsets.UTF_8));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** An answer of the server. */
    record Answer(int status, HttpHeaders headers, String body) {

        JsonObject json() {
            return StrictJson.parseObject(body).orElseThrow();
        }

        String errcode() {
            return json().string("errcode").orElse("");
        }

        String text(String name) {
            return json().string(name).orElseThrow();
        }
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder to(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(url(pathAndQuery)));
    }

    String url(String pathAndQuery) {
        return "http://localhost:" + port + pathAndQuery;
    }

    Answer get(String pathAndQuery) {
        return send(to(pathAndQuery).GET());
    }

    Answer get(URI url) {
        return send(HttpRequest.newBuilder(url).GET());
    }

    /** Posts nothing at all. */
    Answer post(String pathAndQuery) {
        return send(to(pathAndQuery).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Answer post(String pathAndQuery, JsonObject body) {
        return send(to(pathAndQuery).POST(HttpRequest.BodyPublishers.ofString(StrictJson.write(body))));
    }

    Answer post(String pathAndQuery, String token, JsonObject body) {
        return send(to(pathAndQuery).header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(StrictJson.write(body))));
    }

    Answer postForm(String path, Map<String, String> fields) {
        String form = fields.entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(to(path).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** Returns an address that nobody used. */
    static String newAddress() {
        return "guest" + COUNT.incrementAndGet() + "@example.org";
    }

    /** Returns what Synapse sends when this user invites an address. */
    static JsonObject wish(UserId sender, String address) {
        return JsonObject.builder()
                .put("medium", "email")
                .put("address", address)
                .put("room_id", "!garden:example.org")
                .put("room_alias", "#garden:example.org")
                .put("room_avatar_url", "")
                .put("room_join_rules", "invite")
                .put("room_name", "Gardening")
                .put("sender", sender.value())
                .put("sender_display_name", "Alice")
                .put("sender_avatar_url", "")
                .build();
    }

    /** Alice invites; returns the answer. */
    Answer store(JsonObject wish) {
        return post("/_matrix/identity/v2/store-invite", tokenOf(alice), wish);
    }

    /** Alice invites an address, which works; returns the answer. */
    JsonObject invite(String address) {
        Answer answer = store(wish(alice, address));
        if (answer.status() != 200) {
            throw new IllegalStateException("the invitation was not stored: " + answer);
        }
        return answer.json();
    }

    CaughtMail mailTo(String address) {
        try {
            return mailbox.awaitMailTo(address, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Binds an address, as somebody who proved it just now. */
    void bind(String address, UserId user, boolean discoverable) {
        if (bean(Associations.class).bind(Address.of(Medium.EMAIL, address), user, clock.instant(), Set.of(address),
                discoverable).isEmpty()) {
            throw new IllegalStateException("somebody proved the address later");
        }
    }

    <T> T bean(Class<T> type) {
        return server.getBean(type);
    }

    /** Publishes an event in a transaction of its own. */
    void publish(Object event) {
        new TransactionTemplate(bean(PlatformTransactionManager.class))
                .executeWithoutResult(_ -> server.publishEvent(event));
    }

    long count(String sql) {
        return (Long) bean(JdbcClient.class).sql(sql).query().singleValue();
    }

    /** Returns how many letters about bound addresses are on their way. */
    long lettersOnTheirWay() {
        return count("SELECT count(*) FROM identity.scheduled_tasks WHERE task_name = 'onbind'");
    }

    long invitations() {
        return count("SELECT count(*) FROM identity.invitation");
    }

    /** Returns how often the homeserver was told of a binding, whatever it answered. */
    long tries() {
        return homeserver.requests().stream().filter(request -> request.path().endsWith("/onbind")).count();
    }

    /** Returns the tokens that the homeserver took, in order. */
    List<String> delivered() {
        return homeserver.onbinds()
                .stream()
                .flatMap(onbind -> invites(onbind).stream())
                .map(invite -> invite.object("signed").orElseThrow().string("token").orElseThrow())
                .toList();
    }

    static List<JsonObject> invites(JsonObject onbind) {
        return onbind.array("invites")
                .orElse(JsonArray.of(List.of()))
                .items()
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** Waits until something holds. */
    static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!holds.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("this did not come about: " + what);
                }
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until nothing is on its way to homeservers. */
    void awaitQuiet() {
        await("no letter is on its way", () -> lettersOnTheirWay() == 0);
    }

    /**
     * Puts the clock forward while the outbox holds nothing: a letter in its hands would seem to be in those of a server
     * that died.
     */
    void letPass(Duration time) {
        await("no letter is being delivered",
                () -> count("SELECT count(*) FROM identity.scheduled_tasks WHERE picked") == 0);
        clock.advance(time);
    }

    Path keyFile(String purpose) {
        return folder.resolve("keys").resolve(purpose + ".keys");
    }

    void stop() {
        server.close();
    }

    void startAgain() {
        server = run();
    }

    @Override
    public void close() {
        server.close();
        mailbox.close();
        homeserver.close();
        http.close();
    }

    /** Takes back an invitation as the operator's command does. */
    boolean withdraw(String token) {
        try (Connection database = bean(DataSource.class).getConnection()) {
            return InvitationWithdrawal.withdraw(database, token);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
