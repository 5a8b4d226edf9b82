package im.signet.terms.policy;

import im.signet.kit.page.Markup;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCatalog;

import java.util.List;

/** The pages that show the texts of policies. */
public final class PolicyTemplates {

    private static final Template LANGUAGE = Template.row()
            .given("label", "Deutsch")
            .given("language", "de")
            .given("direction", "ltr")
            .given("url", "/_signet/terms/privacy/1.0/de");

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
            .rows("languages", LANGUAGE)
            .inserted("content", new Markup("<h2 id=\"text-what\">What</h2>\n<p>What we <em>know</em> of you.</p>"));
    /** There is no such text. */
    static final Template UNKNOWN = Template.of(Template.Kind.PAGE, "policy-unknown");
    /** What is in force. */
    static final Template IN_FORCE = Template.of(Template.Kind.PAGE, "policies")
            .rows("policies", Template.row()
                    .told("name", "Terms of use")
                    .told("version", "2.1")
                    .given("language", "en")
                    .given("direction", "ltr")
                    .given("url", "/_signet/terms/terms/2.1/en")
                    .givenOrEmpty("host", "terms.example.org")
                    .givenOrEmpty("day", "24 December 2026")
                    .rows("languages", LANGUAGE));

    private PolicyTemplates() {}

    /** Returns all of them. */
    public static TemplateCatalog catalog() {
        return new TemplateCatalog(List.of(TEXT, UNKNOWN, IN_FORCE));
    }
}
