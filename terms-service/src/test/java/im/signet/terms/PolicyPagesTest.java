package im.signet.terms;

import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.terms.TermsServer.TERMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** An operator who has no website gives the texts as files, and the server shows them, as they were on the day. */
class PolicyPagesTest {

    // Whatever of it became markup would be an element, an attribute or an entity that is not in the template.
    private static final String XSS = """
            <script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>
            "><script>alert(1)</script> '><b> </p></main></body></html><!-- --> <![CDATA[ ]]> &lt;b&gt; &#60;b&#62;
            [[${7*7}]] [(${7*7})] ${7*7} #{x} *{x} @{/x} ~{x} __${7*7}__ {{7*7}} <th:block th:utext="${7*7}"/>
            javascript:alert(1) <a href="javascript:alert(1)">x</a> \ud83d\ude00

            <iframe src=//example.org></iframe>""";

    private static TermsServer server;

    @BeforeAll
    static void start() {
        Installation installation = Installation.fresh();
        server = installation.start(settings("1.0", installation.write("en.txt",
                "First paragraph,\nin two lines.\r\n\r\nSecond paragraph: Straße, 隱私.\n\n\n  Third.\n\n"),
                installation.write("xss.txt", XSS)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String settings(String version, Path english, Path german) {
        return """
                signet.terms.policies:
                  privacy_policy:
                    version: "%s"
                    en: {name: "Privacy <i>&</i> \\"Policy\\"", file: "%s"}
                    de-CH: {name: Datenschutz, file: "%s"}
                """.formatted(version, english, german);
    }

    private static Answer page(String language) {
        return server.get("/_signet/terms/privacy_policy/1.0/" + language);
    }

    /** Says that this is a page of ours and returns its source. */
    private static String isAPage(Answer answer, int status, String language) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(answer.header("Content-Language")).isEqualTo(language);
        assertThat(answer.headers().allValues("Content-Security-Policy")).hasSize(1)
                .first()
                .asString()
                .contains("default-src 'none'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'")
                .doesNotContain("script-src", "unsafe");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.body()).startsWith("<!DOCTYPE html>\n<html lang=\"" + language + "\" dir=\"ltr\">")
                .doesNotContain(" th:text", "signet:", "xmlns");
        return answer.body();
    }

    @Test
    void areListedWithTheirUrlsHere() {
        assertThat(server.get(TERMS).body()).contains("\"en\":{\"name\":\"Privacy <i>&</i> \\\"Policy\\\"\",\"url\":\""
                + Installation.PUBLIC_URL + "/_signet/terms/privacy_policy/1.0/en\"}")
                .contains("\"url\":\"" + Installation.PUBLIC_URL + "/_signet/terms/privacy_policy/1.0/de-CH\"");
    }

    @Test
    void showTheTextInParagraphs() {
        assertThat(isAPage(page("en"), 200, "en")).contains("<p class=\"text\">First paragraph,\nin two lines.</p>")
                .contains("<p class=\"text\">Second paragraph: Straße, 隱私.</p>")
                .contains("<p class=\"text\">Third.</p>")
                .contains("<span>Version <bdi>1.0</bdi></span>", "This version is in force.",
                        "<bdi>November 21, 2026</bdi>");
    }

    @Test
    void showTheNameAsText() {
        assertThat(page("en").body())
                .contains("<h1 lang=\"en\" dir=\"ltr\">Privacy &lt;i&gt;&amp;&lt;/i&gt; &quot;Policy&quot;</h1>")
                .contains("<title>Privacy &lt;i&gt;&amp;&lt;/i&gt; &quot;Policy&quot; 1.0</title>")
                .doesNotContain("<i>");
    }

    // Sydent 1.0.3: HTML injection.
    @Test
    void showMarkupAsText() {
        String html = page("de-CH").body();
        String text = html.substring(html.indexOf("<p class=\"text\">"), html.indexOf("</article>"));
        assertThat(text.replace("<p class=\"text\">", "").replace("</p>", "")).doesNotContain("<", ">", "\"")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .contains("&amp;lt;b&amp;gt; &amp;#60;b&amp;#62;")
                .contains("[[${7*7}]] [(${7*7})] ${7*7}")
                .doesNotContain("49");
        assertThat(isAPage(page("de-CH"), 200, "de-CH").split("<p class=\"text\">", -1)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/_signet/terms/privacy_policy/1.0/fr", "/_signet/terms/privacy_policy/1.1/en",
        "/_signet/terms/other/1.0/en", "/_signet/terms/privacy_policy/1.0/EN",
        "/_signet/terms/privacy_policy/1.0/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/_signet/terms/%22/%27/%3C",
        "/_signet/terms/privacy_policy/1.0/en'%20OR%20'1'='1", "/_signet/terms/%F0%9F%98%80/1.0/en",
        "/_signet/terms/%FF/1.0/en", "/_signet/terms/a/1.0/%0D%0AX-Injected:%20y"})
    void areNotMadeUp(String path) {
        Answer answer = server.get(path);
        if (answer.header("Content-Type").startsWith("text/html")) {
            assertThat(isAPage(answer, 404, "en")).contains("No such text")
                    .doesNotContain("alert(1)", "fr", "OR", "\ud83d\ude00");
        } else {
            assertThat(answer.status()).isBetween(400, 404);
            answer.is(answer.status(), answer.status() == 404 ? "M_UNRECOGNIZED" : "M_UNKNOWN");
        }
        assertThat(answer.headers().map()).doesNotContainKey("x-injected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/_signet/terms/%00/1.0/en", "/_signet/terms/privacy_policy/1.0/%2e%2e",
        "/_signet/terms/privacy_policy/1.0%2fen/x", "/_signet/terms/privacy_policy/1.0/en;a=b",
        "/_signet/terms/privacy_policy//en"})
    void areNotServedInDisguise(String path) {
        Answer answer = server.get(path);
        assertThat(answer.status()).isBetween(400, 404);
        assertThat(answer.body()).doesNotContain("paragraph");
    }

    @Test
    void areServedToAnybody() {
        isAPage(server.get("/_signet/terms/privacy_policy/1.0/en", "Authorization", "Bearer nonsense"), 200, "en");
        server.post("/_signet/terms/privacy_policy/1.0/en", "").is(405, "M_UNRECOGNIZED");
    }

    @Test
    void stayWhenAVersionIsReplaced() {
        Installation installation = Installation.fresh();
        Path english = installation.write("en.txt", "Old text");
        installation.start(settings("1.0", english, english)).close();
        installation.write("en.txt", "New text");
        try (TermsServer server = installation.start(settings("1.1", english, english))) {
            assertThat(server.get("/_signet/terms/privacy_policy/1.0/en").body()).contains("Old text");
            assertThat(server.get("/_signet/terms/privacy_policy/1.1/en").body()).contains("New text");
            assertThat(server.get(TERMS).body()).contains("/1.1/en").doesNotContain("/1.0/");
        }
        try (TermsServer server = installation.start()) {
            assertThat(server.get("/_signet/terms/privacy_policy/1.0/en").body()).contains("Old text");
        }
    }

    private static Throwable refusal(Installation installation, String yaml) {
        Throwable refusal = catchThrowable(() -> installation.start(yaml).close());
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static String policy(String version, String name, Path file) {
        return "signet.terms.policies.privacy_policy: {version: '" + version + "', en: {name: '" + name + "', file: '"
                + file + "'}}";
    }

    // The same bytes read differently, and receipts have the hash of the bytes alone.
    @Test
    void cannotBecomeTextsOfAnotherFormatOrName() {
        Installation installation = Installation.fresh();
        Path text = installation.write("en.txt", "# 1. One");
        Path markdown = installation.write("en.md", "# 1. One");
        installation.start(policy("1.0", "Privacy", text)).close();
        assertThat(refusal(installation, policy("1.0", "Privacy", markdown))).rootCause()
                .isInstanceOfSatisfying(UnusableSettingException.class, unusable -> {
                    assertThat(unusable).hasMessage("The setting signet.terms.policies.privacy_policy.en.file is"
                            + " Markdown by its name, and not the plain text already published as version 1.0.");
                    assertThat(unusable.mend()).contains("a name that ends as before", "a new version");
                });
        assertThat(refusal(installation, policy("1.0", "Terms", text))).rootCause()
                .isInstanceOfSatisfying(UnusableSettingException.class, unusable -> {
                    assertThat(unusable).hasMessage("The setting signet.terms.policies.privacy_policy.en.name"
                            + " is another than the one already published as version 1.0.");
                    assertThat(unusable.mend()).contains("\"Privacy\"");
                });
        installation.start(policy("1.1", "Terms", markdown)).close();
    }

    private static String location(Answer answer) {
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Vary")).contains("Accept-Language");
        return answer.header("Location");
    }

    @Test
    void leadToTheVersionInForceAndToTheReadersLanguage() {
        Installation installation = Installation.fresh();
        Path english = installation.write("en.md", "# Privacy\n\n## Data\n\n*All* of <script>alert(1)</script>it.");
        Path hebrew = installation.write("he.html", "<html dir=rtl><body onload=x()><h1>\u05D0</h1><p>\u05D1");
        String both = """
                signet.terms.policies:
                  privacy_policy:
                    version: "%s"
                    en: {name: Privacy, file: "%s"}
                    he: {name: \u05D0\u05D1, file: "%s"}
                  terms:
                    version: "7"
                    required-from: 2027-01-02
                    en: {name: Terms, url: "https://example.org/terms-7-en"}
                    de: {name: Nutzungsbedingungen, url: "https://example.org/terms-7-de"}
                """;
        installation.start(both.formatted("1.0", english, hebrew)).close();
        try (TermsServer server = installation.start(both.formatted("2.0", english, hebrew))) {
            String path = "/_signet/terms/privacy_policy";
            assertThat(location(server.get(path))).isEqualTo(path + "/2.0/en");
            assertThat(location(server.get(path, "Accept-Language", "fr, he;q=0.5"))).isEqualTo(path + "/2.0/he");
            assertThat(location(server.get(path + "/1.0", "Accept-Language", "he-IL"))).isEqualTo(path + "/1.0/he");
            assertThat(location(server.get(path + "/1.0", "Accept-Language", "???"))).isEqualTo(path + "/1.0/en");
            assertThat(location(server.get("/_signet/terms/terms", "Accept-Language", "de-AT")))
                    .isEqualTo("https://example.org/terms-7-de");
            assertThat(location(server.get("/_signet/terms/terms/7"))).isEqualTo("https://example.org/terms-7-en");
            isAPage(server.get(path + "/3.0"), 404, "en");
            isAPage(server.get("/_signet/terms/other"), 404, "en");
            isAPage(server.get("/_signet/terms/terms/6"), 404, "en");
            server.get("/_signet/terms/introspect").is(405, "M_UNRECOGNIZED");
            server.get("/_signet/terms/overview").is(404, "M_UNRECOGNIZED");

            assertThat(isAPage(server.get(path + "/1.0/en"), 200, "en"))
                    .contains("<h1 lang=\"en\" dir=\"ltr\">Privacy</h1>")
                    .contains("<h2 id=\"text-data\">Data</h2>\n<p><em>All</em> of it.</p>")
                    .contains("This version is no longer in force.", "href=\"" + path + "\"")
                    .contains("href=\"" + path + "/1.0/he\"", "hreflang=\"he\"", "href=\"" + path + "/1.0/en/source\"")
                    .doesNotContain("<script", "alert(1)", path + "/1.0/en\"");
            assertThat(server.get(path + "/1.0/en/source").body())
                    .isEqualTo("# Privacy\n\n## Data\n\n*All* of <script>alert(1)</script>it.");
            // There are no words of ours in Hebrew: around the text stand those of the reader.
            assertThat(isAPage(server.get(path + "/2.0/he", "Accept-Language", "de"), 200, "de"))
                    .contains("Diese Version gilt.", "<article class=\"document\" lang=\"he\" dir=\"rtl\">"
                            + "<h2 id=\"text-\u05D0\">\u05D0</h2><p>\u05D1</p>")
                    .doesNotContain("onload");

            assertThat(isAPage(server.get("/_signet/terms", "Accept-Language", "de"), 200, "de"))
                    .contains("href=\"" + path + "/2.0/en\"", ">Privacy</a>", "href=\"" + path + "/2.0/he\"")
                    .contains("href=\"https://example.org/terms-7-de\"", ">Nutzungsbedingungen</a>",
                            "<bdi>example.org</bdi>", "<bdi>2. Januar 2027</bdi>")
                    .doesNotContain("/1.0/");
        }
        try (TermsServer server = installation.start()) {
            isAPage(server.get("/_signet/terms/privacy_policy"), 404, "en");
            assertThat(server.get("/_signet/terms/privacy_policy/1.0/en").body()).contains("no longer in force");
            assertThat(location(server.get("/_signet/terms/privacy_policy/2.0"))).endsWith("/2.0/en");
            assertThat(isAPage(server.get("/_signet/terms"), 200, "en")).contains("has no terms");
        }
    }

    @Test
    void cannotBeChangedBehindTheUsersBacks() {
        Installation installation = Installation.fresh();
        Path english = installation.write("en.txt", "What users agreed to");
        installation.start(settings("1.0", english, english)).close();
        installation.start(settings("1.0", english, english)).close();
        installation.write("en.txt", "What users never saw");
        Throwable refusal = catchThrowable(() -> installation.start(settings("1.0", english, english)).close());
        assertThat(refusal).isNotNull();
        assertThat(refusal).rootCause()
                .isInstanceOfSatisfying(UnusableSettingException.class, unusable -> {
                    assertThat(unusable).hasMessage("The setting signet.terms.policies.privacy_policy.en.file"
                            + " has another text than the one already published as version 1.0.");
                    assertThat(unusable.mend()).isEqualTo(
                            "Users accepted the published text: restore it, or give the changed one a new version.");
                });
    }
}
