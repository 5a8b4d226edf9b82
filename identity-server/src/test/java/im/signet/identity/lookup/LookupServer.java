package im.signet.identity.lookup;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.identity.association.Associations;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection;
import im.signet.kit.web.ServiceName;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole identity-server on loopback, which believes one access token of each user. */
final class LookupServer implements AutoCloseable {

    private static final String TOKEN_OF = "token-of-";
    private static final String ALICE = "@alice:example.org";

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;

    LookupServer(TestDatabase database, Path dataDir, Clock clock, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("server.port=0", "server.address=127.0.0.1",
                "signet.server-name=id.example.org", "signet.public-url=https://id.example.org",
                "signet.data-dir=" + dataDir, "signet.database.url=" + database.url(),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password(),
                "signet.database.pool-size=8"));
        arguments.addAll(List.of(settings));
        context = new SpringApplicationBuilder(Application.class).bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .initializers(starting -> starting.getBeanFactory().registerSingleton("testClock", clock))
                .run(arguments.stream().map(setting -> "--" + setting).toArray(String[]::new));
        base = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
                + "/_matrix/identity/v2/");
    }

    // No @Configuration: the identity-server, whose package this is, would find it in other tests.
    @EnableAutoConfiguration
    @Import(IdentityServerConfiguration.class)
    static class Application {

        @Bean
        TokenIntrospection introspection() {
            return Application::introspect;
        }

        private static TokenIntrospection.Answer introspect(AccessToken token, ServiceName service) {
            return token.value().startsWith(TOKEN_OF)
                    ? new TokenIntrospection.Answer.Active(userOf(token.value()), false)
                    : new TokenIntrospection.Answer.Inactive();
        }
    }

    private static String tokenOf(String user) {
        return TOKEN_OF + HexFormat.of().formatHex(user.getBytes(StandardCharsets.UTF_8));
    }

    private static UserId userOf(String token) {
        byte[] user = HexFormat.of().parseHex(token.substring(TOKEN_OF.length()));
        return UserId.of(new String(user, StandardCharsets.UTF_8));
    }

    /** What came back. */
    record Reply(int status, HttpHeaders headers, JsonObject body) {

        String text(String member) {
            return body.string(member).orElse("");
        }

        /** Returns what was found, in the order of the answer. */
        List<String> mappings() {
            return body.object("mappings")
                    .orElseThrow()
                    .members()
                    .keySet()
                    .stream()
                    .map(key -> key + " = " + body.object("mappings").orElseThrow().string(key).orElseThrow())
                    .toList();
        }
    }

    void bind(Medium medium, String typed, String user) {
        Address address = Address.of(medium, typed);
        String lowerCased = Address.lowerCased(medium, typed).orElseThrow();
        boolean bound = context.getBean(Associations.class)
                .bind(address, UserId.of(user), context.getBean(Clock.class).instant(),
                        lowerCased.equals(address.value()) ? Set.of(lowerCased) : Set.of(address.value(), lowerCased),
                        true)
                .isPresent();
        assertThat(bound).isTrue();
    }

    Reply hashDetails() {
        return send(request("hash_details", ALICE).GET());
    }

    /** Returns the pepper that the server tells. */
    Pepper pepper() {
        return Pepper.of(hashDetails().text("lookup_pepper"));
    }

    Reply lookup(String body) {
        return lookup(ALICE, body);
    }

    Reply lookup(String user, String body) {
        return send(request("lookup", user).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Sends a lookup that says to come from that IP address; believed where loopback is a trusted proxy. */
    Reply lookupFrom(String ip, String user, String body) {
        return send(request("lookup", user).header("X-Forwarded-For", ip)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path, String user) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + tokenOf(user))
                .timeout(Duration.ofSeconds(60));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers(),
                    StrictJson.parseObject(response.body()).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
