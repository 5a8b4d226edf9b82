package im.signet.kit.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretFilesTest {

    @TempDir
    Path folder;

    private ConfigurableEnvironment with(Map<String, Object> variables) {
        ConfigurableEnvironment environment = new StandardEnvironment() {
            @Override
            public Map<String, Object> getSystemEnvironment() {
                return variables;
            }
        };
        environment.getPropertySources()
                .replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                variables));
        new SecretFiles().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }

    @Test
    void readsSecretsFromFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "correct horse\n");
        assertThat(
                with(Map.of("SIGNET_DATABASE_PASSWORD_FILE", file.toString())).getProperty("signet.database.password"))
                .isEqualTo("correct horse");
    }

    // A variable's name does not say where words end and members begin: Boot knows.
    @Test
    void readsSecretsOfSettingsWithDashes() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "correct-horse\n");
        ConfigurableEnvironment environment = with(Map.of("SIGNET_TERMS_SERVICE_CLIENT_SECRET_FILE", file.toString(),
                "SIGNET_INTROSPECTION_CLIENTS_CALENDAR_SECRET_FILE", file.toString()));
        Binder binder = Binder.get(environment);
        assertThat(binder.bind("signet.terms-service.client-secret", String.class).get()).isEqualTo("correct-horse");
        assertThat(binder.bind("signet.introspection.clients", Bindable.mapOf(String.class, Properties.class)).get())
                .containsOnlyKeys("calendar")
                .hasEntrySatisfying("calendar", client -> assertThat(client).containsEntry("secret", "correct-horse"));
    }

    @Test
    void keepsAllButTheLastLineBreak() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), " a\n\n");
        assertThat(with(Map.of("SIGNET_MAIL_PASSWORD_FILE", file.toString())).getProperty("signet.mail.password"))
                .isEqualTo(" a\n");
    }

    @Test
    void readsHeadersFromFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "Bearer correct-horse\n");
        ConfigurableEnvironment environment = with(Map.of("SIGNET_SMS_HEADERS_AUTHORIZATION_FILE", file.toString(),
                "SIGNET_SMS_HEADERS_X_API_KEY_FILE", file.toString()));
        assertThat(environment.getProperty("signet.sms.headers.authorization")).isEqualTo("Bearer correct-horse");
        assertThat(environment.getProperty("signet.sms.headers.x-api-key")).isEqualTo("Bearer correct-horse");
    }

    @Test
    void leavesSettingsThatAreFilesAlone() {
        assertThat(with(Map.of("SIGNET_FEDERATION_CA_FILE", "/no/such/file")).getProperty("signet.federation.ca"))
                .isNull();
    }

    @Test
    void saysWhichVariableNamesAFileThatIsNotThere() {
        assertThatThrownBy(() -> with(Map.of("SIGNET_MAIL_PASSWORD_FILE", folder.resolve("none").toString())))
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("SIGNET_MAIL_PASSWORD_FILE");
    }
}
