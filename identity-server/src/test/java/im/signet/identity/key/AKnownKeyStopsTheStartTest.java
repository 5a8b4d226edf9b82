package im.signet.identity.key;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.kit.token.TokenIntrospection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AKnownKeyStopsTheStartTest {

    private static final String SPECIFICATIONS = "ed25519:1 YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA0\n";

    private final TestDatabase database = TestDatabase.fresh();

    @TempDir
    Path folder;

    /** Not annotated as a configuration, so that nobody scans it. */
    @EnableAutoConfiguration
    @Import(IdentityServerConfiguration.class)
    static final class Server {

        @Bean
        static TokenIntrospection introspection() {
            return (_, _) -> new TokenIntrospection.Answer.Inactive();
        }
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Server.class).properties("server.port=0", "server.address=127.0.0.1",
                "signet.server-name=id.example.org", "signet.public-url=https://id.example.org",
                "signet.data-dir=" + folder, "signet.database.url=" + database.url(),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password())
                .run();
    }

    @Test
    void untilItIsTakenOut() throws IOException {
        Path file = folder.resolve("keys/signing.keys");
        Files.createDirectories(folder.resolve("keys"));
        Files.writeString(file, SPECIFICATIONS);
        assertThatThrownBy(this::start).rootCause()
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("ed25519:1");

        Files.delete(file);
        try (ConfigurableApplicationContext started = start()) {
            assertThat(started.getBean(SigningKeys.class)).isNotNull();
            assertThat(file).isNotEmptyFile();
        }
    }
}
