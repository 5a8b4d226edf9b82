package im.signet.standalone;

import im.signet.kit.page.Audience;
import im.signet.kit.page.PageConfiguration;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCatalog;
import im.signet.kit.page.TemplateCheck;
import im.signet.kit.page.Templates;
import im.signet.kit.settings.SettingsConfiguration;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** Templates and texts that an operator puts in the place of ours, by brand and language. */
class OperatorTemplatesTest {

    private static final String SUBJECT = "validation-subject.txt";

    @TempDir
    Path temp;

    private Path folder() {
        return temp.resolve("templates");
    }

    private void write(String file, String content) throws IOException {
        Path path = folder().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private Templates templates() {
        return new Templates(folder(), Locale.ENGLISH, "id.example.org", "");
    }

    private static Template template(String name) {
        return CheckTemplates.all().stream().filter(each -> each.toString().equals(name)).findFirst().orElseThrow();
    }

    private static Templates.Letter mail(Templates templates, Audience audience) {
        return templates.mail(template("validation"), audience,
                Map.of("asker", "@alice:example.org", "link", "https://id.example.org/x"));
    }

    private static Audience audience(Templates templates, String acceptLanguage, String brand) {
        return templates.audience(Optional.of(acceptLanguage), Optional.of(brand));
    }

    private List<String> problems() {
        return TemplateCheck.of(templates(), CheckTemplates.all())
                .stream()
                .flatMap(finding -> finding.problems()
                        .stream()
                        .map(problem -> finding.where().replace(folder().toString() + "/", "") + ": " + problem))
                .toList();
    }

    private static String german(String text) {
        return "validation.subject=" + text + "\n";
    }

    // Overrides

    @Test
    void replaceATextInOneLanguage() throws IOException {
        write("messages_de.properties", german("Adresse f\u00FCr {server}"));
        Templates templates = templates();
        assertThat(mail(templates, audience(templates, "de", "")).subject())
                .isEqualTo("Adresse f\u00FCr id.example.org");
        assertThat(mail(templates, audience(templates, "en", "")).subject())
                .isEqualTo("Confirm your address for id.example.org");
        assertThat(problems()).isEmpty();
    }

    @Test
    void replaceATemplate() throws IOException {
        write(SUBJECT, "[[${server}]]: [# signet:text=\"validation.button\"/]");
        Templates templates = templates();
        assertThat(mail(templates, audience(templates, "fr", "")).subject())
                .isEqualTo("id.example.org: Confirmer mon adresse");
        assertThat(problems()).isEmpty();
    }

    @Test
    void areABrandsBeforeTheyAreEverybodys() throws IOException {
        write("messages_en.properties", "site.name=Everybody\nvalidation.subject=All at {server}\n");
        write("acme/messages_en.properties", "site.name=Acme\n");
        write("acme/page.css", "main { color: red }");
        Templates templates = templates();
        Audience acme = audience(templates, "en", "Acme");
        assertThat(acme.brand()).contains("acme");
        assertThat(mail(templates, acme).html()).contains("Acme").doesNotContain("Everybody");
        assertThat(mail(templates, acme).subject()).isEqualTo("All at id.example.org");
        assertThat(mail(templates, audience(templates, "en", "")).html()).contains("Everybody");
        assertThat(acme.branded("https://x/?a=b")).isEqualTo("https://x/?a=b&brand=acme");
        assertThat(templates.page(template("policy-unknown"), acme, Map.of()))
                .contains("href=\"/_signet/page.css?brand=acme\"");
        assertThat(problems()).isEmpty();
    }

    @Test
    void areReadOnce() throws IOException {
        write("messages_en.properties", "site.name=Before\n");
        Templates templates = templates();
        write("messages_en.properties", "site.name={broken\n");
        write(SUBJECT, "[[${}}");
        assertThat(mail(templates, audience(templates, "en", "")).html()).contains("Before");
    }

    @Test
    void leaveAloneWhatEditorsAndKubernetesLeave() throws IOException {
        write(".git/x", "x");
        write("..data/messages_en.properties", "site.name=Mounted\n");
        write("confirm.html~", "x");
        Files.createSymbolicLink(folder().resolve("messages_en.properties"),
                Path.of("..data", "messages_en.properties"));
        Templates templates = templates();
        assertThat(mail(templates, audience(templates, "en", "")).html()).contains("Mounted");
        assertThat(problems()).isEmpty();
    }

    // Languages

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"de|de", "de-CH,de;q=0.9|de", "fr-CA;q=0.5,es;q=0.8|es", "it,es;q=0.1|es",
        "it|en",
        "*|en", "''|en", "en-GB|en", "DE_at|en", "de;q=x|en", "x y z|en", "de-Latn-DE-1996|de", "iw,he|en"})
    void speakWhatTheReaderAccepts(String accepted, String language) {
        Templates templates = new Templates(null, Locale.ENGLISH, "id.example.org", "");
        assertThat(audience(templates, accepted, "").language().toLanguageTag()).isEqualTo(language);
    }

    @Test
    void speakTheOperatorsLanguageToWhoNamesNone() {
        Templates templates = new Templates(null, Locale.GERMAN, "id.example.org", "");
        assertThat(templates.audience(Optional.empty(), Optional.empty()).language()).isEqualTo(Locale.GERMAN);
        assertThat(audience(templates, "it", "").language()).isEqualTo(Locale.GERMAN);
        assertThat(audience(templates, "de,".repeat(1000), "").language()).isEqualTo(Locale.GERMAN);
        assertThat(audience(templates, "fr", "").language()).isEqualTo(Locale.FRENCH);
    }

    @Test
    void mayAddALanguageAndItsDirection() throws IOException {
        write("messages_he.properties", allTexts().replaceAll("(?m)^([a-z.]+)=", "$1=\u05D0\u05D1\u05D2 "));
        write("messages_de-CH.properties", german("Gr\u00FCezi"));
        Templates templates = templates();
        Audience hebrew = audience(templates, "he-IL", "");
        assertThat(mail(templates, hebrew).html()).contains("<html lang=\"he\" dir=\"rtl\">")
                .contains("<bdi>@alice:example.org</bdi>");
        assertThat(mail(templates, hebrew).text()).contains("\u2068@alice:example.org\u2069");
        assertThat(mail(templates, audience(templates, "de-CH", "")).subject()).isEqualTo("Gr\u00FCezi");
        assertThat(mail(templates, audience(templates, "de-CH", "")).text()).startsWith("Guten Tag,");
        assertThat(mail(templates, audience(templates, "de-AT", "")).html()).contains("<html lang=\"de\" dir=\"ltr\">");
        assertThat(problems()).isEmpty();
    }

    private static String allTexts() throws IOException {
        return OurTextsTest.file("kit", "en") + OurTextsTest.file("identity", "en") + OurTextsTest.file("names", "en")
                + OurTextsTest.file("terms", "en");
    }

    // Brands

    @ParameterizedTest
    @ValueSource(strings = {"..", "../acme", "acme/..", "/etc", "acme/", "acme\0", "other", "", ".", "%2e%2e",
        "acme\r\nX: y",
        "${7*7}", "\u0130"})
    void areNoBrandsForWhoNamesAnother(String brand) throws IOException {
        write("acme/messages_en.properties", "site.name=Acme\n");
        Templates templates = templates();
        Audience audience = audience(templates, "en", brand);
        assertThat(audience.brand()).isEmpty();
        assertThat(mail(templates, audience).html()).doesNotContain("Acme");
    }

    @Test
    void neverComeFromOutsideOfTheFolder() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("messages_en.properties"), "site.name=Stolen\n");
        write("messages_de.properties", german("x"));
        Files.createSymbolicLink(folder().resolve("messages_en.properties"), outside.resolve("messages_en.properties"));
        Files.createSymbolicLink(folder().resolve("acme"), outside);
        Files.createSymbolicLink(folder().resolve("confirm.html"), Path.of("nowhere"));
        assertThat(problems()).hasSize(3)
                .anyMatch(problem -> problem.startsWith("messages_en.properties: leads out of the folder"))
                .anyMatch(problem -> problem.startsWith("acme: leads out of the folder"))
                .anyMatch(problem -> problem.equals("confirm.html: leads nowhere"));
        Templates templates = templates();
        assertThat(audience(templates, "en", "acme").brand()).isEmpty();
        assertThat(mail(templates, audience(templates, "en", "")).html()).doesNotContain("Stolen");
    }

    // What is wrong

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "messages_de.properties|'a=b\n# x\nvalidation.subjekt=Hallo'|messages_de.properties:3: there is no text validation.subjekt",
        "messages_de.properties|'\nvalidation.subject=Hallo {name}'|messages_de.properties:2: validation.subject has in braces what is no value of it: name",
        "messages_de.properties|'validation.subject=Hallo {'|messages_de.properties:1: validation.subject has in braces what is no value of it",
        "messages_de.properties|'validation.subject='|messages_de.properties:1: validation.subject is empty",
        "messages_it.properties|'validation.subject=Ciao'|messages_it.properties: lacks asked.by",
        "messages_zz_zz_zz.properties|'validation.subject=x'|messages_zz_zz_zz.properties: is not named after a language",
        "validaton-subject.txt|x|validaton-subject.txt: is none of ours",
        "Acme/messages_de.properties|x|Acme: is no name of a brand",
        "validation-subject.txt|'a\nb [[${asker}]]'|validation-subject.txt: a subject has one line",
        "validation-subject.txt|' '|validation-subject.txt: comes out empty",
        "validation-subject.txt|'[# signet:text=\"no.such\"/]'|validation-subject.txt:1: there is no text no.such",
        "validation-subject.txt|'\n[# signet:text=\"sms.code\"/]'|validation-subject.txt:2: the text sms.code needs {code}",
        "validation-subject.txt|'x\n\n[[${asker + }]]'|validation-subject.txt:3: ",
        "validation-mail.txt|'[(${asker})]'|validation-mail.txt: does not show link",
        "validation-mail.txt|'[(${link})]'|validation-mail.txt: does not show asker",
        "validation-mail.txt|'[(${asker})] [(${link})]'|validation-mail.txt: lets others add lines",
        "validation-mail.txt|'[(${__${asker}__})]'|validation-mail.txt:1:",
    })
    void areRefusedByFileAndLine(String file, String content, String problem) throws IOException {
        write(file, content);
        assertThat(problems()).anyMatch(each -> each.startsWith(problem));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "<p th:utext=\"${asker}\">x</p>|th:utext writes values unescaped; use th:text",
        "<p data-th-utext=\"${asker}\">x</p>|th:utext writes values unescaped; use th:text",
        "<p>[(${asker})]</p>|[(...)] writes values unescaped; use [[...]]",
        "<p th:text=\"${__${asker}__}\">x</p>|__${...}__ evaluates values",
        "<p th:text=\"__${asker}__\">x</p>|__${...}__ evaluates values",
        "<script>alert(1)</script>|no script runs on a page or in a mail",
        "<p onclick=\"x()\">x</p>|no script runs on a page or in a mail",
        "<p th:onclick=\"'x(' + ${asker}\">x</p>|no script runs on a page or in a mail",
        "<p style=\"color: red\">x</p>|styles in a page are not applied; page.css is the place for them"})
    void areRefusedWhereTheyEndangerReaders(String line, String problem) throws IOException {
        write("confirm.html", ours("confirm.html").replace("<hr>", "\n" + line));
        int at = Files.readAllLines(folder().resolve("confirm.html")).indexOf(line) + 1;
        assertThat(problems()).contains("confirm.html:" + at + ": " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a th:href=\"${asker}\">x</a>", "<img alt=\"\" th:src=\"${asker}\">"})
    void areRefusedWhereOthersChooseALink(String line) throws IOException {
        write("confirm.html", ours("confirm.html").replace("<hr>", line));
        assertThat(problems()).contains("confirm.html: lets others add elements, attributes or links");
    }

    @Test
    void areRefusedWhereAButtonIsMissing() throws IOException {
        write("confirm.html", ours("confirm.html").replace("th:action=\"${disown}\"", "action=\"/\""));
        assertThat(problems()).containsExactly("confirm.html: does not show disown");
        write("confirm.html", "<p>Hello</p>");
        assertThat(problems()).contains("confirm.html: has no title, or does not say its language",
                "confirm.html: does not show token");
    }

    @Test
    void areRefusedWhereTheyAreNoText() throws IOException {
        write("page.css", "");
        Files.write(folder().resolve(SUBJECT), new byte[]{(byte) 0xff, (byte) 0xfe});
        Files.write(folder().resolve("confirm.html"), new byte[300 * 1024]);
        Files.createDirectory(folder().resolve("notice.html"));
        assertThat(problems()).contains(SUBJECT + ": is not UTF-8", "confirm.html: is no file of at most 256 KiB")
                .anyMatch(problem -> problem.startsWith("notice.html: is no name of a brand"));
    }

    @Test
    void areRefusedWhereTheFolderIsNone() {
        assertThat(problems()).containsExactly(folder() + ": is no folder that can be read");
    }

    @Test
    void areRefusedWhereNobodyCanReadTheLanguage() {
        List<String> problems = TemplateCheck
                .of(new Templates(null, Locale.JAPANESE, "id.example.org", ""), CheckTemplates.all())
                .stream()
                .filter(finding -> !finding.isOk())
                .map(TemplateCheck.Finding::toString)
                .toList();
        assertThat(problems).singleElement().asString().contains("there are no texts in ja");
    }

    @Test
    void stopTheStart() throws IOException {
        write("messages_en.properties", "# ours\nsite.nome=Acme\n");
        new ApplicationContextRunner().withUserConfiguration(SettingsConfiguration.class, PageConfiguration.class)
                .withBean(TemplateCatalog.class, () -> new TemplateCatalog(CheckTemplates.all()))
                .withPropertyValues("signet.server-name=id.example.org", "signet.public-url=https://id.example.org",
                        "signet.mail.templates=" + folder())
                .run(context -> assertThat(context).getFailure()
                        .rootCause()
                        .isInstanceOf(UnusableSettingException.class)
                        .hasMessage("The setting signet.mail.templates names what cannot be used: "
                                + folder().resolve("messages_en.properties") + ":2: there is no text site.nome."));
    }

    @Test
    void leadToWhereTheServerIs() {
        Templates templates = new Templates(null, Locale.ENGLISH, "id.example.org", "/identity");
        assertThat(templates.page(template("policy-unknown"), audience(templates, "en", ""), Map.of()))
                .contains("href=\"/identity/_signet/page.css\"");
    }

    private static String ours(String name) throws IOException {
        try (var in = OperatorTemplatesTest.class.getResourceAsStream("/templates/identity/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // The command

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int check(String... words) {
        List<String> all = new ArrayList<>(List.of("templates"));
        all.addAll(List.of(words));
        return Signet.commandLine(_ -> Optional.empty())
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void areCheckedByACommand() throws IOException {
        write("acme/messages_en.properties", "site.name=Acme\n");
        Path config = Files.writeString(temp.resolve("signet.yaml"), "signet.mail.templates: " + folder() + "\n");
        assertThat(check("check", "--config", config.toString())).isEqualTo(Exit.OK.status());
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).contains("ok     (ours) confirm.html",
                "ok     " + folder().resolve("acme/messages_en.properties")).allMatch(line -> line.startsWith("ok "));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void failTheCommandWhereOneIsWrong() throws IOException {
        write("messages_en.properties", "site.nome=Acme\n");
        assertThat(check("check", "--signet.mail.templates=" + folder())).isEqualTo(Exit.CONFIGURATION.status());
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("WRONG  " + folder().resolve("messages_en.properties") + ":1: there is no text site.nome\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("signet: 1 place is wrong; a server with these templates does not start\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chek", "check more"})
    void explainTheirCommand(String words) {
        assertThat(check(words.isEmpty() ? new String[0] : words.split(" ", -1))).isEqualTo(Exit.USAGE.status());
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("signet: ").hasLineCount(1);
    }
}
