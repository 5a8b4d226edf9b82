package im.signet.terms.policy;

import im.signet.kit.page.Markup;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCatalog;

import java.util.List;
import java.util.Map;

/** The pages that show the texts of policies. */
public final class PolicyTemplates {

    private static final List<Map<String, Object>> LANGUAGES = List.of(
            Map.of("label", "Deutsch", "language", "de", "direction", "ltr", "url", "/_signet/terms/privacy/1.0/de"),
            Map.of("label", "\u05E2\u05D1\u05E8\u05D9\u05EA", "language", "he", "direction", "rtl", "url",
                    "https://example.org/privacy-he"));

    /** A text, as it was published. */
    static final Template TEXT = Template.of(Template.Kind.PAGE, "policy")
            .told("name", "Privacy policy")
            .told("version", "1.0")
            .given("textLanguage", "en-GB")
            .given("textDirection", "ltr")
            .given("published", "21 November 2026")
            .choice("status", "now", "announced", "replaced", "ended")
            .givenOrEmpty("day", "24 December 2026")
            .givenOrEmpty("current", "/_signet/terms/privacy")
            .given("all", "/_signet/terms")
            .given("source", "/_signet/terms/privacy/1.0/en-GB/source")
            .rows("languages", LANGUAGES)
            .inserted("content", new Markup("<h2 id=\"text-what\">What</h2>\n<p>What we <em>know</em> of you.</p>"));
    /** There is no such text. */
    static final Template UNKNOWN = Template.of(Template.Kind.PAGE, "policy-unknown");
    /** What is in force. */
    static final Template IN_FORCE = Template.of(Template.Kind.PAGE, "policies")
            .rows("policies",
                    List.of(Map.of("name", "Terms of use", "version", "2.1", "language", "en", "direction", "ltr",
                            "url",
                            "/_signet/terms/terms/2.1/en", "host", "terms.example.org", "day", "24 December 2026",
                            "languages", LANGUAGES)),
                    "name", "version");

    private PolicyTemplates() {}

    /** Returns all of them. */
    public static TemplateCatalog catalog() {
        return new TemplateCatalog(List.of(TEXT, UNKNOWN, IN_FORCE));
    }
}
