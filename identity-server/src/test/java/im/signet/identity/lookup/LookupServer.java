package im.signet.identity.lookup;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.identity.association.Associations;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection;
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
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole identity-server on loopback, which believes one access token. */
final class LookupServer implements AutoCloseable {

    private static final String TOKEN = "token-of-alice";

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

        private static TokenIntrospection.Answer introspect(AccessToken token) {
            return token.value().equals(TOKEN)
                    ? new TokenIntrospection.Answer.Active(UserId.of("@alice:example.org"), false)
                    : new TokenIntrospection.Answer.Inactive();
        }
    }

    /** What came back. */
    record Reply(int status, JsonObject body) {

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
        return send(request("hash_details").GET());
    }

    /** Returns the pepper that the server tells. */
    Pepper pepper() {
        return Pepper.of(hashDetails().text("lookup_pepper"));
    }

    Reply lookup(String body) {
        return send(request("lookup").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(30));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), StrictJson.parseObject(response.body()).orElseThrow());
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
