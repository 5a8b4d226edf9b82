package im.signet.terms.policy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What an operator writes is what readers see, and nothing of it can harm them or the page. */
class PolicyRendererTest {

    private static final PolicyRenderer RENDERER = new PolicyRenderer(Duration.ofMinutes(2));
    private static final int MEBIBYTE = 1024 * 1024;

    private static Rendering.Rendered rendered(PolicyFormat format, String source) {
        Rendering rendering = RENDERER.render(format, "Privacy policy", source);
        assertThat(rendering).isInstanceOf(Rendering.Rendered.class);
        return (Rendering.Rendered) rendering;
    }

    private static String markdown(String source) {
        return rendered(PolicyFormat.MARKDOWN, source).markup().html().strip();
    }

    private static String html(String source) {
        return rendered(PolicyFormat.HTML, source).markup().html().strip();
    }

    @ParameterizedTest
    @CsvSource({"a.md,MARKDOWN", "a.MD,MARKDOWN", "a.markdown,MARKDOWN", "a.html,HTML", "a.Htm,HTML", "a.txt,TEXT",
        "a,TEXT", "md,TEXT", "a.md.txt,TEXT"})
    void goByTheNameOfTheFile(String file, PolicyFormat format) {
        assertThat(PolicyFormat.of(java.nio.file.Path.of(file))).isEqualTo(format);
    }

    @Test
    void showsMarkdown() {
        assertThat(markdown("""
                Some *soft* and **loud** `code`,
                [a link](https://example.org/a?b=c&d=e "title").

                1. one
                2. two

                - a
                - b

                > quoted

                ---

                    pre
                """)).isEqualTo(
                """
                        <p>Some <em>soft</em> and <strong>loud</strong> <code>code</code>,
                        <a href="https://example.org/a?b=c&amp;d=e" rel="noopener noreferrer nofollow">a link</a>.</p>
                        <ol>
                        <li>one</li>
                        <li>two</li>
                        </ol>
                        <ul>
                        <li>a</li>
                        <li>b</li>
                        </ul>
                        <blockquote>
                        <p>quoted</p>
                        </blockquote>
                        <hr>
                        <pre><code>pre
                        </code></pre>""");
    }

    @Test
    void showsTables() {
        assertThat(markdown("| what | how long |\n|---|:-:|\n| address | 90 days |\n"))
                .isEqualTo("<table>\n<thead>\n<tr>\n<th>what</th>\n<th>how long</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
                        + "<td>address</td>\n<td>90 days</td>\n</tr>\n</tbody>\n</table>");
        assertThat(markdown("|a|b|c|d|e|\n|-|-|-|-|-|\n")).startsWith("<div class=\"wide\" tabindex=\"0\"><table>");
    }

    // The page has its one h1, and who hears it goes by levels that do not jump.
    @Test
    void putsHeadingsBelowThatOfThePage() {
        assertThat(markdown("# A\n## B\n# C\n#### D\n#### E\n## F\n"))
                .isEqualTo("<h2 id=\"text-a\">A</h2>\n<h3 id=\"text-b\">B</h3>\n<h2 id=\"text-c\">C</h2>\n"
                        + "<h3 id=\"text-d\">D</h3>\n<h3 id=\"text-e\">E</h3>\n<h3 id=\"text-f\">F</h3>");
        assertThat(html("<h3>A</h3><h1>B</h1><h2></h2><h6>C</h6>"))
                .isEqualTo("<h2 id=\"text-a\">A</h2><h2 id=\"text-b\">B</h2><div></div><h3 id=\"text-c\">C</h3>");
        assertThat(markdown("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6\n")).contains("<h6 id=\"text-6\">");
    }

    @Test
    void doesNotRepeatTheHeadingOfThePage() {
        assertThat(markdown("# Privacy Policy\n\n## Data\n")).isEqualTo("<h2 id=\"text-data\">Data</h2>");
        assertThat(markdown("## Privacy policy\n")).contains("Privacy policy");
    }

    @Test
    void linksToHeadingsOfItsOwnOnly() {
        assertThat(markdown("[x](#your-rights) [y](#nowhere)\n\n# Your rights!\n# Your rights\n"))
                .isEqualTo(
                        "<p><a href=\"#text-your-rights\">x</a> <span>y</span></p>\n<h2 id=\"text-your-rights\">Your rights!</h2>\n"
                                + "<h2 id=\"text-your-rights-1\">Your rights</h2>");
        assertThat(html("<a href='#s1'>x</a><p id=s1>a</p><p id=s1>b</p><h2 id='a b'>C</h2>"))
                .isEqualTo("<a href=\"#text-s1\">x</a><p id=\"text-s1\">a</p><p>b</p><h2 id=\"text-c\">C</h2>");
        assertThat(markdown("[x](#%D7%96%D7%9B%D7%95%D7%AA)\n\n# \u05D6\u05DB\u05D5\u05EA\n"))
                .contains("href=\"#text-\u05D6\u05DB\u05D5\u05EA\"");
    }

    @ParameterizedTest
    @CsvSource({"https://example.org/,true", "HTTP://example.org/,true", "mailto:a@example.org,true",
        "javascript:alert(1),false", "data:text/html;x,false", "//example.org/,false", "/login,false",
        "page.html,false",
        "https:x,false", "https:///x,false", "tel:+49,false", "ftp://example.org/,false", "https://a\\b,false"})
    void linksToTheWebAndToMailboxes(String target, boolean leads) {
        assertThat(html("<a href='" + target + "' target=_blank onclick=x()>link</a>")).isEqualTo(leads
                ? "<a href=\"" + target + "\" rel=\"noopener noreferrer nofollow\">link</a>"
                : "<span>link</span>");
    }

    @Test
    void takesAWholeHtmlDocument() {
        Rendering.Rendered page = rendered(PolicyFormat.HTML, "<!DOCTYPE html><html lang=de><head><title>T</title>"
                + "<style>p { color: red }</style></head><body class=x onload=x()><main><p style='a' class=b>Text</p>"
                + "<img src=a.png alt=x><form action=/><input name=a><button>B</button></form><script>x()</script>"
                + "</main></body></html>");
        assertThat(page.markup().html().strip()).isEqualTo("<p>Text</p>B");
        assertThat(page.leftOut()).isEqualTo(Set.of("img", "form", "input", "button", "script"));
    }

    @Test
    void keepsLanguagesAndDirections() {
        assertThat(html("<p lang=he dir=rtl>\u05D0</p><p lang='\"x' dir=up>b</p><span dir=AUTO>c</span>"))
                .isEqualTo("<p lang=\"he\" dir=\"rtl\">\u05D0</p><p>b</p><span dir=\"AUTO\">c</span>");
        assertThat(markdown("a <span lang=\"ar\" dir=\"rtl\">\u0627</span>"))
                .isEqualTo("<p>a <span lang=\"ar\" dir=\"rtl\">\u0627</span></p>");
    }

    @Test
    void keepsTheFinerThings() {
        String fine = "<dl><dt>a</dt><dd>b</dd></dl><details open><summary>c</summary>d</details>"
                + "<abbr title=\"e &quot;f&quot;\">g</abbr><ol start=\"3\" reversed><li value=\"5\">h</li></ol>"
                + "<table><caption>i</caption><tbody><tr><th scope=\"col\" colspan=\"2\">j</th></tr></tbody></table>"
                + "x<sup>2</sup><sub>3</sub><kbd>k</kbd><br><ins>l</ins><del>m</del>";
        assertThat(html(fine)).isEqualTo(fine);
        assertThat(html("<ol start=x><li value=1e9>a</ol><table><tr><td colspan=1000 rowspan=0>b"))
                .isEqualTo("<ol><li>a</li></ol><table><tbody><tr><td>b</td></tr></tbody></table>");
    }

    @Test
    void showsPlainTextAsItIs() {
        assertThat(rendered(PolicyFormat.TEXT, "# a *b*\r\n  <c> & \"d\"\r\n \r\n\n  e\n").markup().html())
                .isEqualTo("<p class=\"text\"># a *b*\n  &lt;c&gt; &amp; &quot;d&quot;</p>\n<p class=\"text\">e</p>\n");
    }

    private static Stream<Arguments> hostile() {
        return Stream.of(arguments("[", "["), arguments("![", "!["), arguments("*", "*"), arguments("nested emphasis",
                "*a **a "), arguments("_", "_a"), arguments("nested quotes", ">"), arguments("quotes", "> "),
                arguments("nested lists", "- "), arguments("numbers", "1. "), arguments("backticks", "`a``b```"),
                arguments("angles", "<"), arguments("open tags", "<a>"), arguments("comments", "<!--"), arguments(
                        "instructions", "<?"),
                arguments("bold tags", "<b>"), arguments("tags with attributes", "<b c=\"d\">"),
                arguments("links", "[a](<b"),
                arguments("links in links", "[a](b"), arguments("references", "[a]: b\n"), arguments("entities", "&"),
                arguments("escapes", "\\"), arguments("pipes", "|"), arguments("rows", "|a\n"), arguments("divs",
                        "<div>"),
                arguments("tables", "<table><tr><td>"), arguments("fonts", "<p><i a=1><font>"), arguments("newlines",
                        "a\n"),
                arguments("tabs", "\t"), arguments("headings", "# a\n"), arguments("html headings", "<h1>a</h1>"),
                arguments("dashes", "-"), arguments("mailto", "<mailto:"), arguments("svg", "<svg><p>"), arguments(
                        "end tags", "</p>"),
                arguments("forms", "<form><table>"), arguments("quotes with lists", "> - "), arguments("null-like",
                        "&#0;"),
                arguments("links to headings", "[a](#a)\n# a\n"));
    }

    /** Much of each: shown or refused, but never an error of another kind, and never without end. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    @Timeout(120)
    void endsWhateverItIsGiven(String name, String again) {
        for (PolicyFormat format : PolicyFormat.values()) {
            for (int size : List.of(200_000)) {
                Rendering rendering = RENDERER.render(format, "Name", again.repeat(size / again.length()));
                switch (rendering) {
                    case Rendering.Rendered shown ->
                        assertThat(shown.markup().html().length()).isLessThan(9 * MEBIBYTE);
                    case Rendering.Refused refused ->
                        assertThat(refused.why()).as(name).doesNotContain("too long").isNotBlank();
                }
            }
        }
    }

    @Test
    @Timeout(120)
    void refusesWhatMakesFarMoreOfItselfThanItIs() {
        String reference = "[a]: https://example.org/" + "x".repeat(500_000) + "\n\n" + "[a]".repeat(100_000);
        assertThat(RENDERER.render(PolicyFormat.MARKDOWN, "Name", reference))
                .isEqualTo(new Rendering.Refused("makes a page that is too large"));
        String table = "|" + "a|".repeat(100_000) + "\n|" + "-|".repeat(100_000) + "\n" + "|\n".repeat(100_000);
        assertThat(RENDERER.render(PolicyFormat.MARKDOWN, "Name", table)).isInstanceOf(Rendering.Refused.class);
    }

    @Test
    void doesNotWaitForEver() {
        assertThat(new PolicyRenderer(Duration.ZERO).render(PolicyFormat.MARKDOWN, "Name", "a ".repeat(500_000)))
                .isEqualTo(new Rendering.Refused("takes too long to be shown"));
    }

    @ParameterizedTest
    @EnumSource(PolicyFormat.class)
    void showsAMebibyteOfAnOrdinaryText(PolicyFormat format) {
        String chapter = """
                ## Chapter

                Some *words* that say [what](https://example.org/) we know, and <b>why</b>.

                - one
                - two

                | a | b |
                |---|---|
                | c | d |

                """;
        rendered(format, chapter.repeat(MEBIBYTE / chapter.length()));
    }
}
