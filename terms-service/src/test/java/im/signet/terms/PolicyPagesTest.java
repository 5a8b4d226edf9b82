package im.signet.terms;

import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
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

    private static final Installation INSTALLATION = Installation.fresh();
    private static final TermsServer SERVER = INSTALLATION.start(settings("1.0", INSTALLATION.write("en.txt",
            "First paragraph,\nin two lines.\r\n\r\nSecond paragraph: Straße, 隱私.\n\n\n  Third.\n\n"),
            INSTALLATION.write("xss.txt", XSS)));

    @AfterAll
    static void stop() {
        SERVER.close();
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
        return SERVER.get("/_signet/terms/privacy_policy/1.0/" + language);
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
        assertThat(SERVER.get(TERMS).body()).contains("\"en\":{\"name\":\"Privacy <i>&</i> \\\"Policy\\\"\",\"url\":\""
                + Installation.PUBLIC_URL + "/_signet/terms/privacy_policy/1.0/en\"}")
                .contains("\"url\":\"" + Installation.PUBLIC_URL + "/_signet/terms/privacy_policy/1.0/de-CH\"");
    }

    @Test
    void showTheTextInParagraphs() {
        assertThat(isAPage(page("en"), 200, "en")).contains("<p class=\"text\">First paragraph,\nin two lines.</p>")
                .contains("<p class=\"text\">Second paragraph: Straße, 隱私.</p>")
                .contains("<p class=\"text\">Third.</p>")
                .contains("<p class=\"note\">Version <bdi>1.0</bdi></p>");
    }

    @Test
    void showTheNameAsText() {
        assertThat(page("en").body())
                .contains("<h1>Privacy &lt;i&gt;&amp;&lt;/i&gt; &quot;Policy&quot;</h1>")
                .contains("<title>Privacy &lt;i&gt;&amp;&lt;/i&gt; &quot;Policy&quot; 1.0</title>")
                .doesNotContain("<i>");
    }

    // Sydent 1.0.3: HTML injection.
    @Test
    void showMarkupAsText() {
        String html = page("de-CH").body();
        String text = html.substring(html.indexOf("<p class=\"text\">"), html.indexOf("</main>"));
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
        Answer answer = SERVER.get(path);
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
        Answer answer = SERVER.get(path);
        assertThat(answer.status()).isBetween(400, 404);
        assertThat(answer.body()).doesNotContain("paragraph");
    }

    @Test
    void areServedToAnybody() {
        isAPage(SERVER.get("/_signet/terms/privacy_policy/1.0/en", "Authorization", "Bearer nonsense"), 200, "en");
        SERVER.post("/_signet/terms/privacy_policy/1.0/en", "").is(405, "M_UNRECOGNIZED");
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
