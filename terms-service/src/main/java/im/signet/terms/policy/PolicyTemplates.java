package im.signet.terms.policy;

import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCatalog;

import java.util.List;

/** The pages that show the texts of policies. */
public final class PolicyTemplates {

    /** A text, as it was published. */
    static final Template TEXT = Template.of(Template.Kind.PAGE, "policy")
            .told("name", "Privacy policy")
            .told("version", "1.0")
            .told("paragraphs", List.of("What we know of you.", "Whom we tell."));
    /** There is no such text. */
    static final Template UNKNOWN = Template.of(Template.Kind.PAGE, "policy-unknown");

    private PolicyTemplates() {}

    /** Returns both. */
    public static TemplateCatalog catalog() {
        return new TemplateCatalog(List.of(TEXT, UNKNOWN));
    }
}
