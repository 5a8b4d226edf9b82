package im.signet.standalone.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@code docs/reference} against the program. After a change that is meant, {@code -Drewrite.reference=true} writes
 * the files anew.
 */
class SettingsReferenceTest {

    private static final SettingsCatalog CATALOG = SettingsCatalog.load();
    static final Path DOCS = Path.of(System.getProperty("basedir", ""), "..", "..", "docs").normalize();

    @Test
    void isWhatTheProgramSays() throws IOException {
        compare("configuration.md", SettingsReference.of(CATALOG));
    }

    @Test
    void soIsTheSchema() throws IOException {
        compare("signet.schema.json", SettingsSchema.of(CATALOG));
    }

    private static void compare(String name, String made) throws IOException {
        Path file = DOCS.resolve("reference").resolve(name);
        if (Boolean.getBoolean("rewrite.reference")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
        }
        assertThat(file).as(
                "settings changed: run SettingsReferenceTest with -Drewrite.reference=true, and commit docs/reference")
                .content()
                .isEqualTo(made);
    }

    static List<Setting> everySetting() {
        return CATALOG.settings();
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void tellsWhatEachIs(Setting setting) {
        assertThat(setting.description()).hasSizeGreaterThan(15).doesNotContain("{@").endsWith(".");
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void namesAVariableThatIsRead(Setting setting) {
        if (setting.shape() instanceof Shape.Keyed) {
            return; // has a variable for each key
        }
        StandardEnvironment environment = new StandardEnvironment() {

            @Override
            public Map<String, Object> getSystemEnvironment() {
                return Map.of(Setting.variable(setting.name()), "x");
            }
        };
        assertThat(SettingsSources.read(List.of(), environment).where(setting.name()))
                .contains("variable " + Setting.variable(setting.name()));
    }

    @Test
    void knowsWhatIsSecret() {
        assertThat(CATALOG.settings()).filteredOn(Setting::isSecret)
                .extracting(Setting::name)
                .containsExactlyInAnyOrder("signet.database.password", "signet.mail.password", "signet.sms.url",
                        "signet.sms.body", "signet.sms.headers", "signet.terms-service.client-secret");
    }
}
