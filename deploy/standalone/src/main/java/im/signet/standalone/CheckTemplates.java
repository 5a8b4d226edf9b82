package im.signet.standalone;

import im.signet.identity.IdentityTemplates;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCheck;
import im.signet.kit.page.TemplateProperties;
import im.signet.kit.page.Templates;
import im.signet.names.NamesTemplates;
import im.signet.terms.TermsTemplates;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@code templates check [--config FILE]}: tries every template in every brand and language, with samples and with what an
 * attacker would send; needs neither a server nor a database.
 */
final class CheckTemplates {

    private final PrintStream out;
    private final PrintStream err;

    CheckTemplates(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Prints a line about each file, and what is wrong; CONFIGURATION where anything is. */
    Exit run(CommandLine line) {
        if (!line.plain().equals(List.of("check"))) {
            err.println("signet: it is 'signet templates check [--config FILE]'");
            return Exit.USAGE;
        }
        Templates templates;
        try (ConfigurableApplicationContext settings = Settings.read(line.settings())) {
            TemplateProperties properties = Binder.get(settings.getEnvironment())
                    .bindOrCreate("signet.mail", TemplateProperties.class);
            templates = new Templates(properties.templates(), properties.language(), "id.example.org", "");
        } catch (BindException unreadable) {
            err.println("signet: the setting " + unreadable.getName() + " cannot be read");
            return Exit.CONFIGURATION;
        }
        List<TemplateCheck.Finding> findings = TemplateCheck.of(templates, all());
        for (TemplateCheck.Finding finding : findings) {
            if (finding.isOk()) {
                out.println("ok     " + finding.where());
            } else {
                finding.problems().forEach(problem -> out.println("WRONG  " + finding.where() + ": " + problem));
            }
        }
        long wrong = findings.stream().filter(finding -> !finding.isOk()).count();
        if (wrong > 0) {
            err.println("signet: " + wrong + (wrong == 1 ? " place is wrong" : " places are wrong")
                    + "; a server with these templates does not start");
            return Exit.CONFIGURATION;
        }
        return Exit.OK;
    }

    /** Returns all pages and messages that this server writes. */
    static List<Template> all() {
        return Stream.of(IdentityTemplates.catalog(), NamesTemplates.catalog(), TermsTemplates.catalog())
                .flatMap(catalog -> catalog.templates().stream())
                .toList();
    }
}
