package im.signet.standalone;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCheck;
import im.signet.kit.page.Templates;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/** Our templates, and our texts in each language. */
class OurTextsTest {

    private static final Set<String> SPELLED_ALIKE = Set.of("site.name", "invitation.name", "policy.version");
    private static final List<String> MODULES = List.of("kit", "identity", "names", "terms");
    private static final Pattern VALUE = Pattern.compile("\\{[a-zA-Z]+}");
    // GSM 03.38, its basic table: one character of these is one of the 160 of an SMS.
    private static final String GSM = "@\u00A3$\u00A5\u00E8\u00E9\u00F9\u00EC\u00F2\u00C7\n\u00D8\u00F8\r\u00C5\u00E5_"
            + "\u00C6\u00E6\u00DF\u00C9 !\"#\u00A4%&'()*+,-./0123456789:;<=>?\u00A1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00C4\u00D6"
            + "\u00D1\u00DC\u00A7\u00BFabcdefghijklmnopqrstuvwxyz\u00E4\u00F6\u00F1\u00FC\u00E0";

    static String file(String module, String language) {
        String path = "/templates/" + module + "/messages_" + language + ".properties";
        try (InputStream in = OurTextsTest.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties texts(String module, String language) {
        Properties texts = new Properties();
        try {
            texts.load(new StringReader(file(module, language)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    private static Set<String> values(String text) {
        return VALUE.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void passTheCheckOfTemplates() {
        List<TemplateCheck.Finding> findings = TemplateCheck
                .of(new Templates(null, Locale.ENGLISH, "id.example.org", ""), CheckTemplates.all());
        assertThat(findings).hasSizeGreaterThan(15).allMatch(TemplateCheck.Finding::isOk);
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "fr", "es"})
    void areTheSameInEveryLanguage(String language) {
        for (String module : MODULES) {
            Properties english = texts(module, "en");
            Properties other = texts(module, language);
            assertThat(other.stringPropertyNames()).as(module)
                    .containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
            for (String key : english.stringPropertyNames()) {
                assertThat(values(other.getProperty(key))).as(key).isEqualTo(values(english.getProperty(key)));
                if (!SPELLED_ALIKE.contains(key)) {
                    assertThat(other.getProperty(key)).as(key).isNotEqualTo(english.getProperty(key));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es"})
    void areSetAsThatLanguageIs(String language) {
        for (String module : MODULES) {
            Properties texts = texts(module, language);
            for (String key : texts.stringPropertyNames()) {
                String text = texts.getProperty(key);
                assertThat(text).as(key).isEqualTo(text.strip()).doesNotContain("  ", "...", "\"");
                if (!key.equals("sms.code")) {
                    assertThat(text).as(key).doesNotContain("'");
                    if (language.equals("fr")) {
                        assertThat(text).as(key)
                                .doesNotContainPattern("[^\\u00A0\\u202F]([?!;\u00BB]|:(?!/))")
                                .doesNotContainPattern("\u00AB[^\u00A0\u202F]");
                    }
                }
            }
        }
    }

    @Test
    void areAllUsed() throws IOException {
        String templates = "";
        for (Resource resource : new PathMatchingResourcePatternResolver().getResources("classpath*:templates/*/*.*")) {
            if (!String.valueOf(resource.getFilename()).endsWith(".properties")) {
                templates += resource.getContentAsString(StandardCharsets.UTF_8);
            }
        }
        Set<String> used = Pattern.compile("signet:text=\"([^\"]+)\"")
                .matcher(templates)
                .results()
                .map(use -> use.group(1))
                .collect(Collectors.toSet());
        for (String module : MODULES) {
            for (String key : texts(module, "en").stringPropertyNames()) {
                assertThat(used).as(key)
                        .anyMatch(use -> key.matches(use.replace(".", "\\.").replaceAll("\\{[a-z]+}", "[a-z]+")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es"})
    void fitIntoOneSms(String language) {
        Templates templates = new Templates(null, Locale.ENGLISH, "id.example.org", "");
        Template sms = CheckTemplates.all()
                .stream()
                .filter(each -> each.toString().equals("validation-sms"))
                .findFirst()
                .orElseThrow();
        String text = templates.sms(sms, new Audience(Locale.forLanguageTag(language), Optional.empty()),
                Map.of("code", "123456", "asker", "@alice:example.org"));
        assertThat(text).contains("123456").hasSizeLessThanOrEqualTo(160);
        assertThat(text.chars()).allMatch(c -> GSM.indexOf(c) >= 0);
    }
}
