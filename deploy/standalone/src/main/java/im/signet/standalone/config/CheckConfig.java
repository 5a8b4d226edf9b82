package im.signet.standalone.config;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code config check [SERVICE]}: says all that would stop a start over its settings, without a start. */
@Command(name = "check", description = "say everything that is wrong with the settings; nothing is started")
final class CheckConfig implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServedArgument service = new ServedArgument();

    @Option(names = "--json", description = "print one JSON object, for programs")
    private boolean json;

    /** Prints what is wrong; CONFIGURATION where a start would stop. */
    @Override
    public Exit call() {
        List<Finding> findings = ConfigCheck.of(SettingsCatalog.load(), SettingsSources.read(arguments.settings()),
                service.served());
        long errors = findings.stream().filter(finding -> finding.severity() == Finding.Severity.ERROR).count();
        if (json) {
            output.out()
                    .println(JsonMapper.shared()
                            .writeValueAsString(Shape.ordered("ok", errors == 0, "findings",
                                    findings.stream().map(CheckConfig::members).toList())));
        } else {
            findings.forEach(this::print);
            output.out()
                    .println(errors == 0
                            ? "ok: a server starts with these settings" + warnings(findings.size())
                            : errors + (errors == 1 ? " error" : " errors") + warnings(findings.size() - errors)
                                    + ": a server with these settings does not start");
        }
        return errors == 0 ? Exit.OK : Exit.CONFIGURATION;
    }

    private void print(Finding finding) {
        String where = finding.where().isEmpty() ? "" : finding.where() + ": ";
        output.out()
                .printf("%-7s  %s%s%n         %s%n", finding.severity().name().toLowerCase(Locale.ROOT), where,
                        finding.what(), finding.mend());
    }

    private static String warnings(long count) {
        return count == 0 ? "" : ", " + count + (count == 1 ? " warning" : " warnings");
    }

    private static Map<String, Object> members(Finding finding) {
        return Shape.ordered("severity", finding.severity().name().toLowerCase(Locale.ROOT), "where", finding.where(),
                "what", finding.what(), "mend", finding.mend());
    }
}
