package im.signet.identity;

import im.signet.demo.CaughtMail;
import im.signet.demo.MailCatcher;
import im.signet.kit.database.FreshDatabase;
import im.signet.kit.token.TokenIntrospection;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The identity server on a real Tomcat, with an empty database, a terms-service of a few {@link Person}s, a mail server
 * and a clock that can be put forward. Tests extend it and talk HTTP. Those with the same settings share one server, so
 * each takes addresses and secrets of its own. A setting is changed with {@code @TestPropertySource}. A test with a mail
 * server of its own starts it before all and says {@code @DirtiesContext}: run again, it needs a server that knows that one.
 */
@SpringBootTest(classes = IdentityScene.Application.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {FreshDatabase.class, IdentityScene.Surroundings.class})
public abstract class IdentityScene {

    /** The path that all endpoints of the API begin with. */
    public static final String V2 = "/_matrix/identity/v2";
    protected static final String REQUEST_TOKEN = V2 + "/validate/email/requestToken";
    protected static final String SUBMIT_TOKEN = V2 + "/validate/email/submitToken";
    protected static final String GET_VALIDATED = V2 + "/3pid/getValidated3pid";
    protected static final String BIND = V2 + "/3pid/bind";
    protected static final String LOOKUP = V2 + "/lookup";
    protected static final String HASH_DETAILS = V2 + "/hash_details";
    protected static final ServerName SERVER = ServerName.of("id.example.org");
    /** A host that pages may send people on to. */
    protected static final String NEXT_HOST = "app.example.org";
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final MailCatcher MAIL = MailCatcher.start();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @LocalServerPort
    private int port;
    @Autowired
    private JdbcClient jdbc;
    @Autowired
    private MovableClock clock;

    /** The identity server by itself. Not a component: the scan for those of the server must not find it. */
    @EnableAutoConfiguration
    @Import(IdentityServerConfiguration.class)
    static class Application {

        @Bean
        TokenIntrospection termsService() {
            return Person.introspection();
        }
    }

    /** The folder of the keys, the clock and the settings, those of the standalone server among them. */
    static final class Surroundings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            context.getBeanFactory().registerSingleton("clock", new MovableClock());
            context.getEnvironment()
                    .getPropertySources()
                    .addLast(new MapPropertySource("scene", Map.ofEntries(
                            Map.entry("signet.server-name", SERVER.value()),
                            Map.entry("signet.public-url", "https://" + SERVER.value()),
                            Map.entry("signet.data-dir", temporaryFolder().toString()),
                            Map.entry("signet.mail.host", "127.0.0.1"),
                            Map.entry("signet.mail.port", MAIL.port()),
                            Map.entry("signet.mail.security", "none"),
                            Map.entry("signet.mail.from", "noreply@id.example.org"),
                            Map.entry("signet.validation.next-link-hosts", NEXT_HOST),
                            Map.entry("signet.lookup.max-addresses", "100"),
                            Map.entry("signet.limits.enabled", "false"),
                            Map.entry("server.max-http-request-header-size", "16KB"),
                            Map.entry("server.tomcat.max-http-form-post-size", "64KB"),
                            Map.entry("spring.web.resources.add-mappings", "false"),
                            Map.entry("spring.servlet.multipart.enabled", "false"))));
        }

        private static Path temporaryFolder() {
            try {
                Path folder = Files.createTempDirectory("signet-identity-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteWithContent(folder)));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void deleteWithContent(Path folder) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                System.err.println("could not delete " + folder + ": " + e);
            }
        }
    }

    /** Returns the port of the server on loopback. */
    protected final int port() {
        return port;
    }

    protected final JdbcClient jdbc() {
        return jdbc;
    }

    /**
     * Lets that much time pass for the server, once no mail is on its way that would run out by it. Sessions of other tests
     * on the same server may.
     */
    protected final void letPass(Duration time) {
        for (int i = 0; i < 1200 && mailsUnderWay() > 0; i++) {
            pause();
        }
        clock.putForward(time);
    }

    // HTTP

    /** Sends a request as it is. */
    protected final Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns a request to the server, with the token of a person when there is one. */
    protected final HttpRequest.Builder request(String target, @Nullable Person who) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(PATIENCE);
        return who == null ? request : request.header("Authorization", "Bearer " + who.token());
    }

    protected final Answer get(String target, @Nullable Person who) {
        return send(request(target, who).build());
    }

    protected final Answer post(String target, @Nullable Person who, JsonObject body) {
        return post(target, who, StrictJson.write(body));
    }

    /** Posts a text as JSON, whatever it is. */
    protected final Answer post(String target, @Nullable Person who, String body) {
        return send(request(target, who).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Posts a form, as a browser does. */
    protected final Answer postForm(String target, Map<String, String> fields) {
        return send(request(target, null).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(query(fields)))
                .build());
    }

    /** Returns fields as a query or the body of a form. */
    protected static String query(Map<String, String> fields) {
        return fields.entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    // Mail

    /** Returns the next mail to that address; the same mail is not returned twice. */
    protected static CaughtMail mailTo(String address) {
        try {
            return MAIL.awaitMailTo(address, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns the mails to that address, once no mail is waiting any more to be sent. */
    protected final List<CaughtMail> allMailsTo(String address) {
        awaitEmptyOutbox();
        return MAIL.mailsTo(address);
    }

    /** Waits until every mail has been sent. */
    protected final void awaitEmptyOutbox() {
        for (int i = 0; i < 1200 && mailsWaiting() > 0; i++) {
            pause();
        }
        assertThat(mailsWaiting()).as("mails that wait").isZero();
    }

    /** Returns how many mails wait to be sent. */
    protected final long mailsWaiting() {
        return jdbc.sql("SELECT count(*) FROM identity.scheduled_tasks WHERE task_name = 'mail'")
                .query(Long.class)
                .single();
    }

    // A mail that is being sent while the clock is put forward would be taken for one whose server was killed.
    private long mailsUnderWay() {
        return jdbc.sql("""
                SELECT count(*) FROM identity.scheduled_tasks
                WHERE task_name = 'mail' AND (picked OR execution_time <= :now)""")
                .param("now", Timestamp.from(clock.instant()))
                .query(Long.class)
                .single();
    }

    /** Waits for a moment; what is waited for is asked again and again. */
    protected static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns the link of a mail less the server's name: a target for {@link #get}. */
    protected static String target(CaughtMail mail) {
        URI link = mail.links().getFirst();
        return link.getRawPath() + "?" + link.getRawQuery();
    }

    /** Returns the parameters of the link of a mail. */
    protected static Map<String, String> linkParams(CaughtMail mail) {
        return Arrays.stream(mail.links().getFirst().getRawQuery().split("&", -1))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(field -> field[0],
                        field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    // Steps of the API

    /** Returns an address that no other test uses. */
    protected static String freshAddress() {
        return "person" + COUNT.incrementAndGet() + "@mail.example.org";
    }

    /** Returns a client secret that no other test uses. */
    protected static String freshSecret() {
        return "secret.of_test-" + COUNT.incrementAndGet();
    }

    /** Returns the body of a first requestToken. */
    protected static JsonObject wish(String address, String secret) {
        return JsonObject.builder()
                .put("client_secret", secret)
                .put("email", address)
                .put("send_attempt", 1)
                .build();
    }

    /** Begins a session; the mail is on its way. */
    protected final Session begin(Person who, String address) {
        return begin(who, wish(address, freshSecret()));
    }

    /** Begins a session with this body of a requestToken. */
    protected final Session begin(Person who, JsonObject wish) {
        Answer answer = post(REQUEST_TOKEN, who, wish);
        assertThat(answer.outcome()).as(answer.body()).isEqualTo("200");
        return new Session(who, wish.string("email").orElseThrow(), wish.string("client_secret").orElseThrow(),
                answer.string("sid"));
    }

    protected final Answer submit(Session session, String token) {
        return post(SUBMIT_TOKEN, session.who(), session.submitBody(token));
    }

    protected final Answer getValidated(Session session, Person who) {
        return get(GET_VALIDATED + "?" + query(Map.of("sid", session.sid(), "client_secret", session.secret())), who);
    }

    /** Begins a session and submits its token. */
    protected final Session proven(Person who, String address) {
        return proven(who, wish(address, freshSecret()));
    }

    /** Begins a session with this body of a requestToken, and submits its token. */
    protected final Session proven(Person who, JsonObject wish) {
        Session session = begin(who, wish);
        String to = Address.of(Medium.EMAIL, session.address()).value();
        assertThat(submit(session, linkParams(mailTo(to)).getOrDefault("token", "")).status()).isEqualTo(200);
        return session;
    }

    protected final Answer bind(Session session) {
        return post(BIND, session.who(), session.bindBody());
    }

    /** Proves an address and publishes it. */
    protected final Session bound(Person who, String address) {
        Session session = proven(who, address);
        assertThat(bind(session).status()).isEqualTo(200);
        return session;
    }

    /** Returns the pepper that the server asks for. */
    protected final Pepper pepper() {
        return Pepper.of(get(HASH_DETAILS, Person.ALICE).string("lookup_pepper"));
    }

    /** Returns the hash that a client sends for this spelling of an address. */
    protected final String hash(String spelling) {
        return LookupHash.of(Medium.EMAIL, spelling, pepper()).value();
    }

    /** Looks hashes, or what is none, up. */
    protected final Answer lookup(String... addresses) {
        return post(LOOKUP, Person.CAROL, lookupBody(addresses));
    }

    protected final JsonObject lookupBody(String... addresses) {
        return JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper().value())
                .put("addresses", JsonArray.ofStrings(List.of(addresses)))
                .build();
    }

    /** Returns who is found under this spelling of an address; empty when nobody is. */
    protected final String found(String spelling) {
        String hash = hash(spelling);
        return lookup(hash).json().object("mappings").orElseThrow().string(hash).orElse("");
    }

    // What is stored

    private List<String> tables() {
        return jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'identity' ORDER BY tablename")
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** Returns how many rows each table of the service has, mails that wait and records of chores left out. */
    protected final Map<String, Long> rowCounts() {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : tables()) {
            if (!table.equals("scheduled_tasks")) {
                counts.put(table, jdbc.sql("SELECT count(*) FROM identity." + table).query(Long.class).single());
            }
        }
        return counts;
    }

    /** Returns every row of every table of the service as PostgreSQL writes it as text. */
    protected final String dump() {
        return tables().stream()
                .flatMap(table -> jdbc.sql("SELECT t::text FROM identity." + table + " t")
                        .query((row, _) -> row.getString(1))
                        .list()
                        .stream()
                        .map(row -> table + " " + row))
                .collect(Collectors.joining("\n"));
    }
}
