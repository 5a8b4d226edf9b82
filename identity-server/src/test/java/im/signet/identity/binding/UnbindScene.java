package im.signet.identity.binding;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.identity.IdentityServerConfiguration;
import im.signet.identity.validation.TokenMessenger;
import im.signet.kit.database.FreshDatabase;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.page.Audience;
import im.signet.kit.token.TokenIntrospection;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * An identity server over real HTTP, with two homeservers over real TLS, and people who prove, bind and unbind addresses.
 */
@SpringBootTest(classes = UnbindScene.Server.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "spring.main.allow-bean-definition-overriding=true")
@ContextConfiguration(initializers = FreshDatabase.class)
abstract class UnbindScene {

    static final String NAME = "id.example.org";
    static final String UNBIND = "/_matrix/identity/v2/3pid/unbind";
    static final MovableClock CLOCK = new MovableClock();
    static final DemoHomeserver HOME;
    static final DemoHomeserver FOREIGN;
    static final SigningKey RETIRED = SigningKey.generate(KeyId.of("ed25519:retired"), new SecureRandom());
    static final SigningKey CURRENT = SigningKey.generate(KeyId.of("ed25519:current"), new SecureRandom());

    private static final String API = "/_matrix/identity/v2";
    private static final Path FOLDER;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final RecordingMessenger MESSENGER = new RecordingMessenger();

    static {
        try {
            FOLDER = Files.createTempDirectory("signet-unbind");
            DemoAuthority authority = DemoAuthority.create();
            authority.writeCaFile(FOLDER.resolve("ca.pem"));
            HOME = DemoHomeserver.start(authority, CLOCK);
            FOREIGN = DemoHomeserver.start(authority, CLOCK);
            Files.createDirectories(FOLDER.resolve("keys"));
            Files.writeString(FOLDER.resolve("keys/signing.keys"), line(RETIRED) + line(CURRENT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    JdbcClient jdbc;

    /** The identity server with what it needs from the terms-service; not annotated as a configuration, so that nobody scans it. */
    @EnableAutoConfiguration
    @Import(IdentityServerConfiguration.class)
    static final class Server {

        @Bean
        @Primary
        static Clock movableClock() {
            return CLOCK;
        }

        /** A token is its user's id. */
        @Bean
        static TokenIntrospection introspection() {
            return (token, _) -> new TokenIntrospection.Answer.Active(
                    UserId.of(new String(UnpaddedBase64.decodeUrl(token.value()).orElseThrow(),
                            StandardCharsets.UTF_8)),
                    false);
        }

        /** In place of the bean of that name. */
        @Bean
        static TokenMessenger mailTokenMessenger() {
            return MESSENGER;
        }
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("signet.server-name", () -> NAME);
        registry.add("signet.limits.enabled", () -> false);
        registry.add("signet.public-url", () -> "https://www.example.org/id/");
        registry.add("signet.also-known-as", () -> "id.example.com:8448/path,id.example.net");
        registry.add("signet.data-dir", FOLDER::toString);
        registry.add("signet.federation.allow-addresses", () -> "127.0.0.0/8,::1");
        registry.add("signet.federation.ca-file", () -> FOLDER.resolve("ca.pem").toString());
    }

    @AfterEach
    void behave() {
        HOME.behave();
        FOREIGN.behave();
    }

    /** What the server answered. */
    record Answer(int status, String body) {

        JsonObject json() {
            return StrictJson.parseObject(body).orElseThrow();
        }

        String errcode() {
            return json().string("errcode").orElse("");
        }

        /** Returns status and errcode, or status and body of a success. */
        String summary() {
            return status + " " + (status == 200 ? body : errcode());
        }
    }

    /** A session and its secret. */
    record Session(String sid, String secret, String token) {

        JsonObject parameters() {
            return JsonObject.of().with("sid", sid).with("client_secret", secret);
        }
    }

    static UserId newUser(DemoHomeserver homeserver) {
        return homeserver.register("u" + randomWord());
    }

    static String newAddress() {
        return randomWord() + "@example.org";
    }

    private static String randomWord() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return UnpaddedBase64.encodeUrl(bytes).replace('_', 'x').replace('-', 'y').toLowerCase(Locale.ROOT);
    }

    /** Begins to prove an address. */
    Session begin(UserId user, String address) {
        String secret = "secret" + randomWord();
        Answer begun = post("/validate/email/requestToken", user,
                JsonObject.of().with("client_secret", secret).with("email", address).with("send_attempt", "1"));
        String sid = begun.json().string("sid").orElseThrow();
        return new Session(sid, secret, MESSENGER.tokenOf(sid));
    }

    void submit(UserId user, Session session) {
        Answer answer = post("/validate/email/submitToken", user, session.parameters().with("token", session.token()));
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.body());
        }
    }

    /** Proves an address, now. */
    Session prove(UserId user, String address) {
        Session session = begin(user, address);
        submit(user, session);
        return session;
    }

    Answer bind(UserId user, Session session) {
        return post("/3pid/bind", user, session.parameters().with("mxid", user.value()));
    }

    /** Proves an address and has it bound. */
    Session proveAndBind(UserId user, String address) {
        Session session = prove(user, address);
        Answer answer = bind(user, session);
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return session;
    }

    static JsonObject body(UserId user, String address) {
        return JsonObject.of()
                .with("mxid", user.value())
                .with("threepid", JsonObject.of().with("medium", "email").with("address", address));
    }

    Answer unbind(UserId user, String address, Session session) {
        return unbind(body(user, address).with("sid", session.sid()).with("client_secret", session.secret()));
    }

    Answer unbind(JsonObject body, String... authorization) {
        return send(UNBIND, StrictJson.write(body), authorization);
    }

    /** Looks an address up over HTTP; returns who it is, or nothing. */
    String lookup(String address) {
        UserId asker = UserId.of("@asker:example.org");
        String pepper = get("/hash_details", bearer(asker)).json().string("lookup_pepper").orElseThrow();
        String hash = LookupHash.of(Address.of(Medium.EMAIL, address), Pepper.of(pepper)).value();
        Answer answer = post("/lookup", asker, JsonObject.of()
                .with("algorithm", "sha256")
                .with("pepper", pepper)
                .with("addresses", JsonArray.ofStrings(List.of(hash))));
        return answer.json().object("mappings").orElseThrow().string(hash).orElse("");
    }

    /** Returns how many rows speak of the user: associations and lookup entries. */
    List<Long> rowsOf(UserId user) {
        return List.of(count("SELECT count(*) FROM identity.association WHERE user_id = ?", user.value()),
                count("SELECT count(*) FROM identity.lookup_entry WHERE user_id = ?", user.value()));
    }

    long count(String sql, Object... parameters) {
        return jdbc.sql(sql).params(parameters).query(Long.class).single();
    }

    Answer post(String path, UserId user, JsonObject body) {
        return send(API + path, StrictJson.write(body), bearer(user));
    }

    Answer get(String path, String... authorization) {
        return exchange(request(API + path, authorization).GET());
    }

    Answer send(String path, String body, String... authorization) {
        return exchange(request(path, authorization).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path, String... authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30));
        for (String value : authorization) {
            request.header("Authorization", value);
        }
        return request;
    }

    private static Answer exchange(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String bearer(UserId user) {
        return "Bearer " + UnpaddedBase64.encodeUrl(user.value().getBytes(StandardCharsets.UTF_8));
    }

    private static String line(SigningKey key) {
        return key.id() + " " + UnpaddedBase64.encode(key.seed()) + "\n";
    }

    /** Keeps the tokens in place of sending them. */
    private static final class RecordingMessenger implements TokenMessenger {

        private static final Pattern LINK = Pattern.compile(".*[?&]sid=([^&]*)&.*token=([^&]*)");
        private final Map<String, String> tokens = new ConcurrentHashMap<>();

        @Override
        public Medium medium() {
            return Medium.EMAIL;
        }

        @Override
        public boolean isSetUp() {
            return true;
        }

        @Override
        public boolean canSend(Address to) {
            return true;
        }

        @Override
        public void sendConfirmation(Address to, UserId user, ConfirmationLink link, Instant expiresAt) {
            throw new UnsupportedOperationException("nobody leaves here");
        }

        @Override
        public void send(Address to, UserId asker, String token, String link, Audience audience, Instant expiresAt) {
            Matcher parts = LINK.matcher(link);
            if (!parts.matches()) {
                throw new IllegalArgumentException(link);
            }
            tokens.put(parts.group(1), parts.group(2));
        }

        String tokenOf(String sid) {
            return String.valueOf(tokens.get(sid));
        }
    }

    /** A clock that stands until it is moved. */
    static final class MovableClock extends Clock {

        private volatile Instant now = Instant.now();

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only UTC is needed");
        }
    }
}
