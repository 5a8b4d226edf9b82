package im.signet.identity.validation.sms;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.kit.database.FreshDatabase;
import im.signet.kit.token.TokenIntrospection;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The identity server over real HTTP with a gateway for SMS on loopback, and a clock that can be put forward. Tests share
 * one server, so each takes numbers of its own.
 */
@SpringBootTest(classes = PhoneScene.Application.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {FreshDatabase.class, PhoneScene.Surroundings.class})
abstract class PhoneScene {

    static final String V2 = "/_matrix/identity/v2";
    static final String ALICE = "@alice:hs.example.org";
    static final String BOB = "@bob:hs.example.org";
    static final FakeGateway GATEWAY = FakeGateway.start();

    private static final Pattern CODE = Pattern.compile("\"text\":\"(\\d{6}) ");
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;
    @Autowired
    private JdbcClient jdbc;
    @Autowired
    private MovableClock clock;

    /** A clock that goes on, and can be put forward. */
    static final class MovableClock extends Clock {

        private final InstantSource real = InstantSource.system();
        private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

        @Override
        public Instant instant() {
            return real.instant().plus(ahead.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Not a component: the scan for those of the server must not find it. */
    @EnableAutoConfiguration
    @Import(IdentityServerConfiguration.class)
    static class Application {

        @Bean
        TokenIntrospection termsService() {
            return (token, _) -> switch (token.value()) {
                case ALICE_TOKEN -> new TokenIntrospection.Answer.Active(UserId.of(ALICE), false);
                case BOB_TOKEN -> new TokenIntrospection.Answer.Active(UserId.of(BOB), false);
                default -> new TokenIntrospection.Answer.Inactive();
            };
        }
    }

    private static final String ALICE_TOKEN = "token-of-alice-0123456789";
    private static final String BOB_TOKEN = "token-of-bob-0123456789";

    /** The clock and the settings. */
    static final class Surroundings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            context.getBeanFactory().registerSingleton("clock", new MovableClock());
            context.getEnvironment()
                    .getPropertySources()
                    .addLast(new MapPropertySource("scene", Map.ofEntries(
                            Map.entry("signet.server-name", "id.example.org"),
                            Map.entry("signet.public-url", "https://id.example.org"),
                            Map.entry("signet.data-dir", temporaryFolder().toString()),
                            Map.entry("signet.sms.url", GATEWAY.url("/send").toString()),
                            Map.entry("signet.sms.body", "{\"to\":\"+{to}\",\"text\":\"{text}\"}"),
                            Map.entry("signet.sms.countries", "GB,US,DE"),
                            Map.entry("signet.limits.enabled", "false"),
                            Map.entry("spring.web.resources.add-mappings", "false"))));
        }

        private static Path temporaryFolder() {
            try {
                Path folder = Files.createTempDirectory("signet-phones-");
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(folder.toFile())));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What came back. */
    record Answer(int status, String body) {

        JsonObject json() {
            return StrictJson.parseObject(body).orElseThrow();
        }

        String string(String name) {
            return json().string(name).orElse("");
        }

        /** Returns status and errcode, or the status alone on success. */
        String outcome() {
            return status < 300 ? String.valueOf(status) : status + " " + string("errcode");
        }
    }

    /** A session as its client knows it. */
    record Session(String who, String msisdn, String secret, String sid) {

        JsonObject with(String name, String value) {
            return JsonObject.builder().put("sid", sid).put("client_secret", secret).put(name, value).build();
        }

        String query(String token) {
            return "?" + PhoneScene.query(Map.of("sid", sid, "client_secret", secret, "token", token));
        }
    }

    final JdbcClient jdbc() {
        return jdbc;
    }

    final void letPass(Duration time) {
        clock.ahead.updateAndGet(time::plus);
    }

    final Answer get(String target, @Nullable String who) {
        return send(request(target, who).GET());
    }

    final Answer post(String target, @Nullable String who, JsonObject body) {
        return send(request(target, who).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(StrictJson.write(body))));
    }

    final Answer postForm(String target, Map<String, String> fields) {
        return send(request(target, null).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(query(fields))));
    }

    private HttpRequest.Builder request(String target, @Nullable String who) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
        return who == null
                ? request
                : request.header("Authorization", "Bearer " + (who.equals(ALICE) ? ALICE_TOKEN : BOB_TOKEN));
    }

    private static Answer send(HttpRequest.Builder request) {
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

    static String query(Map<String, String> fields) {
        return fields.entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Returns a British number that no other test uses, as dialled there. */
    static String freshNumber() {
        return "07400 " + (100_000 + COUNT.incrementAndGet());
    }

    static String freshSecret() {
        return "secret-" + COUNT.incrementAndGet();
    }

    static JsonObject wish(String country, String number, String secret) {
        return JsonObject.builder()
                .put("client_secret", secret)
                .put("country", country)
                .put("phone_number", number)
                .put("send_attempt", 1)
                .build();
    }

    final Answer requestToken(String who, JsonObject wish) {
        return post(V2 + "/validate/msisdn/requestToken", who, wish);
    }

    final Session begin(String who, String number) {
        return begin(who, wish("GB", number, freshSecret()));
    }

    final Session begin(String who, JsonObject wish) {
        Answer answer = requestToken(who, wish);
        assertThat(answer.outcome()).as(answer.body()).isEqualTo("200");
        return new Session(who, answer.string("msisdn"), wish.string("client_secret").orElseThrow(),
                answer.string("sid"));
    }

    final Answer submit(Session session, String token) {
        return post(V2 + "/validate/msisdn/submitToken", session.who(), session.with("token", token));
    }

    final Answer getValidated(Session session) {
        return get(V2 + "/3pid/getValidated3pid?"
                + query(Map.of("sid", session.sid(), "client_secret", session.secret())), session.who());
    }

    final Session proven(String who, String number) {
        Session session = begin(who, number);
        assertThat(submit(session, codeTo(session)).outcome()).isEqualTo("200");
        return session;
    }

    final Answer bind(Session session) {
        return post(V2 + "/3pid/bind", session.who(), session.with("mxid", session.who()));
    }

    /** Returns the codes that were sent to the number of a session, once there are so many. */
    static List<String> codesTo(Session session, int count) {
        return GATEWAY.await(count, "\"+" + session.msisdn() + "\"").stream().map(call -> {
            Matcher code = CODE.matcher(call.body());
            assertThat(code.find()).as(call.body()).isTrue();
            return code.group(1);
        }).toList();
    }

    static String codeTo(Session session) {
        return codesTo(session, 1).getFirst();
    }

    /** Returns a code that was not sent. */
    static String wrong(String code, int by) {
        return String.format(Locale.ROOT, "%06d", (Integer.parseInt(code) + by) % 1_000_000);
    }

    /** Returns who is found by a number; empty when nobody is. */
    final String found(String msisdn) {
        Pepper pepper = Pepper.of(get(V2 + "/hash_details", BOB).string("lookup_pepper"));
        String hash = LookupHash.of(Medium.MSISDN, msisdn, pepper).value();
        return post(V2 + "/lookup", BOB, JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(List.of(hash)))
                .build()).json().object("mappings").orElseThrow().string(hash).orElse("");
    }
}
