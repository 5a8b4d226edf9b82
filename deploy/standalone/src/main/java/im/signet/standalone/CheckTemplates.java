package im.signet.standalone;

import im.signet.identity.IdentityTemplates;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCheck;
import im.signet.kit.page.TemplateProperties;
import im.signet.kit.page.Templates;
import im.signet.names.NamesTemplates;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;
import im.signet.terms.TermsTemplates;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code templates check [--config FILE]}: tries every template in every brand and language, with samples and with what an
 * attacker would send; needs neither a server nor a database.
 */
@Command(name = "check", description = "try every template in every brand and language")
final class CheckTemplates implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    /** Prints a line about each file, and what is wrong; CONFIGURATION where anything is. */
    @Override
    public Exit call() {
        Templates templates;
        try (ConfigurableApplicationContext settings = arguments.read()) {
            TemplateProperties properties = Binder.get(settings.getEnvironment())
                    .bindOrCreate("signet.mail", TemplateProperties.class);
            templates = new Templates(properties.templates(), properties.language(), "id.example.org", "");
        } catch (BindException unreadable) {
            output.err().println("signet: the setting " + unreadable.getName() + " cannot be read");
            return Exit.CONFIGURATION;
        }
        List<TemplateCheck.Finding> findings = TemplateCheck.of(templates, all());
        for (TemplateCheck.Finding finding : findings) {
            if (finding.isOk()) {
                output.out().println("ok     " + finding.where());
            } else {
                finding.problems()
                        .forEach(problem -> output.out().println("WRONG  " + finding.where() + ": " + problem));
            }
        }
        long wrong = findings.stream().filter(finding -> !finding.isOk()).count();
        if (wrong > 0) {
            output.err()
                    .println("signet: " + wrong + (wrong == 1 ? " place is wrong" : " places are wrong")
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
