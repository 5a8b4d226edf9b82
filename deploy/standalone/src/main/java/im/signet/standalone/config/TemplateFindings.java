package im.signet.standalone.config;

import im.signet.identity.IdentityTemplates;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCheck;
import im.signet.kit.page.TemplateProperties;
import im.signet.kit.page.Templates;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.names.NamesTemplates;
import im.signet.terms.TermsTemplates;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Tries the operator's templates as a start does, each that is wrong and not the first alone. */
final class TemplateFindings {

    private static final String MEND = "Mend it; 'signet templates check' tries each also with what an attacker would send.";

    private TemplateFindings() {}

    static List<UnusableSettingException> of(Environment settings) {
        TemplateProperties properties;
        try {
            properties = Binder.get(settings).bindOrCreate("signet.mail", TemplateProperties.class);
        } catch (BindException foundElsewhere) {
            return List.of();
        }
        if (properties.templates() == null) {
            return List.of();
        }
        try {
            Templates templates = new Templates(properties.templates(), properties.language(), "id.example.org", "");
            List<Template> all = Stream
                    .of(IdentityTemplates.catalog(), NamesTemplates.catalog(), TermsTemplates.catalog())
                    .flatMap(catalog -> catalog.templates().stream())
                    .toList();
            return TemplateCheck.of(templates, all)
                    .stream()
                    .filter(finding -> !finding.isOk())
                    .flatMap(finding -> finding.problems()
                            .stream()
                            .map(problem -> new UnusableSettingException(
                                    "The setting signet.mail.templates names what cannot be used: " + finding.where()
                                            + ": " + problem + ".",
                                    MEND)))
                    .toList();
        } catch (UnusableSettingException unreadable) {
            return List.of(unreadable);
        }
    }
}
