package im.signet.kit.web;

import im.signet.kit.page.PageConfiguration;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.token.AccessToken;
import im.signet.kit.token.Caller;
import im.signet.kit.token.TokenConfiguration;
import im.signet.kit.token.TokenIntrospection;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service of a few endpoints, on a real Tomcat, without a database. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(excludeName = {"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
    "org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration",
    "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"})
@Import({WebConfiguration.class, TokenConfiguration.class, PageConfiguration.class, TinyService.Endpoints.class})
public class TinyService {

    static final String SIGNED = "token-of-one-who-signed";
    static final String NAMES_ONLY_UNSIGNED = "token-of-one-who-did-not-sign-for-names";
    static final String UNASKABLE = "token-while-nobody-can-be-asked";
    static final String UNSIGNED = "token-of-one-who-did-not";

    @Bean
    SignetProperties names() {
        return new SignetProperties(ServerName.of("id.example.org"), URI.create("https://id.example.org"), List.of(),
                Path.of("target"));
    }

    @Bean
    TokenIntrospection introspection() {
        return TinyService::introspect;
    }

    private static TokenIntrospection.Answer introspect(AccessToken token, ServiceName service) {
        return switch (token.value()) {
            case SIGNED -> new TokenIntrospection.Answer.Active(UserId.of("@alice:example.org"), false);
            case UNSIGNED -> new TokenIntrospection.Answer.Active(UserId.of("@bob:example.org"), true);
            case NAMES_ONLY_UNSIGNED ->
                new TokenIntrospection.Answer.Active(UserId.of("@carol:example.org"), service == ServiceName.NAMES);
            case UNASKABLE -> new TokenIntrospection.Answer.Unavailable();
            default -> new TokenIntrospection.Answer.Inactive();
        };
    }

    @RestController
    static class Endpoints {

        @OpenToAll
        @GetMapping("/open")
        JsonObject open() {
            return JsonObject.of();
        }

        @OpenToAll
        @PostMapping("/echo")
        JsonObject echo(Params params) {
            return JsonObject.builder()
                    .put("text", params.string("text", 8))
                    .put("number", params.integer("number", 0, 100))
                    .build();
        }

        @OpenToAll
        @FormToo
        @PostMapping("/form")
        JsonObject form(Params params) {
            return echo(params);
        }

        @OpenToAll
        @PostMapping("/list")
        @BodyLimit(bytes = 1024 * 1024)
        JsonObject list(Params params) {
            return JsonObject.builder().put("count", params.strings("list", 3, 4).size()).build();
        }

        @NeedsToken
        @PostMapping("/secured")
        JsonObject secured(@AuthenticationPrincipal Caller caller, Params params) {
            return JsonObject.builder()
                    .put("user", caller.user().value())
                    .put("text", params.string("text", 8))
                    .build();
        }

        @NeedsToken(termsMayBeOutstanding = true)
        @PostMapping("/leave")
        JsonObject leave(@AuthenticationPrincipal Caller caller) {
            return JsonObject.builder().put("user", caller.user().value()).build();
        }

        @NeedsToken(service = ServiceName.NAMES)
        @PostMapping("/names")
        JsonObject names(@AuthenticationPrincipal Caller caller) {
            return leave(caller);
        }

        @NeedsToken(alsoInQuery = true)
        @GetMapping("/query")
        JsonObject query(@AuthenticationPrincipal Caller caller) {
            return JsonObject.builder().put("user", caller.user().value()).build();
        }

        @GetMapping("/undeclared")
        JsonObject undeclared() {
            return JsonObject.builder().put("secret", "nobody may see this").build();
        }

        @OpenToAll
        @GetMapping("/client")
        JsonObject client(ClientAddress client) {
            return JsonObject.builder().put("block", HexFormat.of().formatHex(client.block())).build();
        }

        @OpenToAll
        @GetMapping("/limited")
        JsonObject limited() {
            throw ErrorCode.M_LIMIT_EXCEEDED.because("too many requests")
                    .withRetryAfter(Duration.ofNanos(1_500_000_001));
        }

        @OpenToAll
        @GetMapping("/broken")
        JsonObject broken() {
            throw new IllegalStateException("jdbc:postgresql://secret-host/ failed");
        }
    }
}
