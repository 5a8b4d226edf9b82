package im.signet.terms;

import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCatalog;
import im.signet.terms.overview.OverviewTemplates;
import im.signet.terms.policy.PolicyTemplates;

import java.util.List;
import java.util.stream.Stream;

/** All pages that this service writes. */
public final class TermsTemplates {

    private TermsTemplates() {}

    /** Returns them. */
    public static TemplateCatalog catalog() {
        List<Template> all = Stream.of(PolicyTemplates.catalog().templates(), OverviewTemplates.all())
                .flatMap(List::stream)
                .toList();
        return new TemplateCatalog(all);
    }
}
