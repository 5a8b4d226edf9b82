package im.signet.terms.policy;

import im.signet.kit.settings.SignetProperties;
import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ByteArrayResource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What stands in the settings is what is in force, or the start stops and says which setting is to blame. */
class PolicySettingsTest {

    @TempDir
    private Path folder;

    // No @Configuration, which the scan of the whole service would find.
    @EnableConfigurationProperties({TermsProperties.class, SignetProperties.class})
    static class Settings {}

    /** As the database keeps them: the first of a version stays. */
    static final class PublishedTexts implements PolicyTexts {

        private final Map<List<String>, PolicyText> texts = new HashMap<>();

        @Override
        public void addIfNew(String policy, String version, String language, String name, PolicyFormat format,
                String content, Instant publishedAt) {
            texts.putIfAbsent(List.of(policy, version, language),
                    new PolicyText(policy, version, language, name, format, content, publishedAt));
        }

        @Override
        public Optional<PolicyText> find(String policy, String version, String language) {
            return Optional.ofNullable(texts.get(List.of(policy, version, language)));
        }

        @Override
        public List<String> findLanguages(String policy, String version) {
            return texts.keySet()
                    .stream()
                    .filter(key -> key.subList(0, 2).equals(List.of(policy, version)))
                    .map(List::getLast)
                    .sorted()
                    .toList();
        }
    }

    private static ApplicationContextRunner with(String yaml) {
        return new ApplicationContextRunner().withUserConfiguration(Settings.class, PolicyConfiguration.class)
                .withBean(PolicyTexts.class, PublishedTexts::new)
                .withBean(PolicyPages.class)
                .withBean(Clock.class, Clock::systemUTC)
                .withPropertyValues("signet.server-name=id.example.org",
                        "signet.public-url=https://id.example.org/base/")
                .withInitializer(context -> {
                    try {
                        new YamlPropertySourceLoader().load("settings", new ByteArrayResource(yaml.getBytes(UTF_8)))
                                .forEach(context.getEnvironment().getPropertySources()::addFirst);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static List<Policy> inForce(String yaml) {
        List<Policy> policies = new ArrayList<>();
        with(yaml).run(context -> policies.addAll(context.getBean(Policies.class).inForce()));
        return policies;
    }

    private static void stops(String yaml, String property, String reason) {
        with(yaml).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause()
                    .isInstanceOfSatisfying(UnusableSettingException.class, unusable -> {
                        assertThat(unusable).hasMessageContaining("The setting " + property + " ")
                                .hasMessageContaining(reason);
                        assertThat(unusable.mend()).isNotBlank();
                    });
        });
    }

    private static String policy(String members) {
        return "signet.terms.policies.privacy_policy: {" + members + "}";
    }

    @Test
    void areNoneUnlessTheOperatorHasSome() {
        assertThat(inForce("")).isEmpty();
        assertThat(inForce("signet.terms.policies: {}")).isEmpty();
    }

    @Test
    void keepTheirOrderAndTheirNames() {
        List<Policy> policies = inForce("""
                signet.terms.policies:
                  z_Terms-1:
                    fr: {name: Conditions, url: "https://example.org/z/fr"}
                    version: "1.0"
                    en: {name: Terms, url: "http://example.org/z/en?a=b#c"}
                    zh-Hant-TW: {name: 條款, url: "https://example.org/z/zh"}
                  a:
                    version: 2026-11-21.b
                    en: {name: A, url: "https://example.org/a"}
                """);
        assertThat(policies).extracting(Policy::id).containsExactly("z_Terms-1", "a");
        assertThat(policies).extracting(Policy::version).containsExactly("1.0", "2026-11-21.b");
        assertThat(policies.getFirst().documents()).containsExactly(
                Map.entry("fr", new Policy.Document("Conditions", "https://example.org/z/fr")),
                Map.entry("en", new Policy.Document("Terms", "http://example.org/z/en?a=b#c")),
                Map.entry("zh-Hant-TW", new Policy.Document("條款", "https://example.org/z/zh")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"services: [identity, calendar],", "services: 'identity, calendar',",
        "services: {0: calendar, 1: identity},"})
    void areRequiredByTheServicesThatTheyName(String services) {
        Policy some = inForce(policy("version: '1', " + services + " en: {name: P, url: 'https://example.org/'}"))
                .getFirst();
        assertThat(some.services()).containsExactlyInAnyOrder("identity", "calendar");
        assertThat(some.isRequiredBy("calendar")).isTrue();
        assertThat(some.isRequiredBy("names")).isFalse();
        Policy all = inForce(policy("version: '1', services: [], en: {name: P, url: 'https://example.org/'}"))
                .getFirst();
        assertThat(all.services()).isEmpty();
        assertThat(all.isRequiredBy("names")).isTrue();
    }

    @Test
    void giveFilesAUrlBelowThePublicOne() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "text");
        assertThat(inForce(policy("version: '1', en: {name: P, file: '" + text + "'}"))).containsExactly(
                new Policy("privacy_policy", "1", Optional.empty(), Set.of(), Map.of("en",
                        new Policy.Document("P", "https://id.example.org/base/_signet/terms/privacy_policy/1/en"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "en: {name: P, url: 'https://example.org/'}|.version|is missing",
        "version: '', en: {name: P, url: 'https://example.org/'}|.version|does not match",
        "version: '1 0', en: {name: P, url: 'https://example.org/'}|.version|does not match",
        "version: '1/0', en: {name: P, url: 'https://example.org/'}|.version|does not match",
        "version: '..', en: {name: P, url: 'https://example.org/'}|.version|does not match",
        "version: '1', services: ['a b'], en: {name: P, url: 'https://example.org/'}|.services|does not match",
        "version: {a: b}, en: {name: P, url: 'https://example.org/'}|.version|does not match",
        "version: '1'||has no language", "version: '1', required-from: 2026-12-01||has no language",
        "version: '1', required-from: soon, en: {name: P, url: 'https://example.org/'}|.required-from|is not a day: soon",
        "version: '1', required-from: 2026-02-30, en: {name: P, url: 'https://example.org/'}|.required-from|is not a day",
        "version: '1', en: P|.en|is not a language",
        "version: '1', en: {name: P}|.en|is not a language",
        "version: '1', en: {url: 'https://example.org/'}|.en|is not a language",
        "version: '1', en: {name: '', url: 'https://example.org/'}|.en|is not a language",
        "version: '1', en: {name: {a: b}, url: 'https://example.org/'}|.en|is not a language",
        "version: '1', en: {name: P, url: 'https://example.org/', file: x}|.en|is not a language",
        "version: '1', en: {name: P, uri: 'https://example.org/'}|.en|is not a language",
        "version: '1', en: {name: P, url: 'https://example.org/', more: x}|.en|is not a language",
        "version: '1', e: {name: P, url: 'https://example.org/'}|.e|does not match",
        "version: '1', pt_BR: {name: P, url: 'https://example.org/'}|.pt_BR|does not match",
        "version: '1', en: {name: P, url: ''}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: {a: b}}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: 'example.org/p'}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: '/p'}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: 'https:///p'}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: 'https://example.org/a b'}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: 'javascript:alert(1)'}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, url: 'ftp://example.org/'}|.en.url|is not an absolute http or https URL",
        "version: '1', en: {name: P, file: ''}|.en.file|names a file that cannot be read",
        "version: '1', en: {name: P, file: nowhere}|.en.file|names a file that cannot be read",
        "version: '1', en: {name: P, file: .}|.en.file|names a file that cannot be read",
        "version: '1', en: {name: P, file: \"a\\0b\"}|.en.file|names a file that cannot be read"})
    void stopTheStartWhenTheyAreWrong(String members, String property, String reason) {
        stops(policy(members), "signet.terms.policies.privacy_policy" + (property == null ? "" : property), reason);
    }

    // YAML reads 1.10 as the number 1.1, which users may have accepted long ago.
    @ParameterizedTest
    @ValueSource(strings = {"1.10", "1.1", "1e3", ".5"})
    void stopTheStartWhenAVersionIsANumberThatYamlChanges(String version) {
        String language = ", en: {name: P, url: 'https://example.org/'}";
        stops(policy("version: " + version + language), "signet.terms.policies.privacy_policy.version",
                "is a decimal number");
        assertThat(inForce(policy("version: 2" + language))).extracting(Policy::version).containsExactly("2");
        assertThat(inForce(policy("version: '1.10'" + language))).extracting(Policy::version).containsExactly("1.10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"signet.terms.policies: text", "signet.terms.policies.privacy_policy: text",
        "signet.terms.policies: [{version: '1'}]", "signet.terms.policies.privacy_policy: [a, b]"})
    void stopTheStartWhenTheyAreOfAnotherShape(String yaml) {
        with(yaml).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).hasStackTraceContaining("signet.terms.policies");
        });
    }

    @ParameterizedTest
    @CsvSource({"a b", "a/b", "ä"})
    void stopTheStartWhenAnIdDoesNotFitIntoAUrl(String id) {
        String yaml = "signet.terms.policies: {\"[" + id
                + "]\": {version: '1', en: {name: P, url: 'https://example.org/'}}}";
        stops(yaml, "signet.terms.policies." + id, "does not match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"receipts", "introspect", "manage", "end", "tokens", "overview", "confirm", "source"})
    void stopTheStartWhenAnIdIsAPathOfSomethingElse(String id) {
        stops("signet.terms.policies." + id + ": {version: '1', en: {name: P, url: 'https://example.org/'}}",
                "signet.terms.policies." + id, "has an id that a page or an endpoint of this server has, " + id);
    }

    // No client may send a URL that long: nobody could ever accept it.
    @Test
    void stopTheStartWhenAUrlIsLongerThanClientsMaySend() {
        String url = "https://example.org/";
        String longest = url + "x".repeat(2048 - url.length());
        assertThat(inForce(policy("version: '1', en: {name: P, url: '" + longest + "'}"))).hasSize(1);
        stops(policy("version: '1', en: {name: P, url: '" + longest + "x'}"),
                "signet.terms.policies.privacy_policy.en.url", "longer than 2048 characters");
    }

    // An acceptance names a URL: which of the two was accepted, nobody could say.
    @Test
    void stopTheStartWhenTwoPoliciesShareAUrl() {
        stops("""
                signet.terms.policies:
                  terms: {version: '1', en: {name: T, url: "https://example.org/legal"}}
                  privacy: {version: '1', en: {name: P, url: "https://example.org/legal"}}
                """, "signet.terms.policies.privacy", "the same URL as signet.terms.policies.terms");
        assertThat(inForce(policy("version: '1', en: {name: P, url: 'https://example.org/legal'}, "
                + "de: {name: D, url: 'https://example.org/legal'}"))).hasSize(1);
    }

    @Test
    void stopTheStartWhenAFileIsNoText() throws IOException {
        Path file = folder.resolve("file");
        String setting = "signet.terms.policies.privacy_policy.en.file";
        String yaml = policy("version: '1', en: {name: P, file: '" + file + "'}");
        Files.write(file, new byte[]{'a', (byte) 0xff});
        stops(yaml, setting, "cannot be read as UTF-8 text: " + file);
        Files.write(file, new byte[]{'a', 0, 'b'});
        stops(yaml, setting, "cannot be read as UTF-8 text: " + file);
        Files.write(file, new byte[1024 * 1024 + 1]);
        stops(yaml, setting, "is larger than 1 MiB");
        Files.writeString(file, " \n\t\n");
        stops(yaml, setting, "is empty");
    }

    // Not at a reader's request, when it is published for ever.
    @ParameterizedTest
    @ValueSource(strings = {"md", "markdown"})
    void stopTheStartWhenAFileCannotBeShown(String ending) throws IOException {
        Path file = Files.writeString(folder.resolve("table." + ending),
                "|" + "a|".repeat(1000) + "\n|" + "-|".repeat(1000) + "\n" + "|x|\n".repeat(1000));
        stops(policy("version: '1', en: {name: P, file: '" + file + "'}"),
                "signet.terms.policies.privacy_policy.en.file", "names a file that cannot be shown as Markdown");
    }

    @Test
    void takeAFileOfOneMebibyte() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "a".repeat(1024 * 1024));
        assertThat(inForce(policy("version: '1', en: {name: P, file: '" + file + "'}"))).hasSize(1);
    }
}
