package im.signet.standalone;

import im.signet.kit.log.FailureTrace;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.admin.AdminCommands;
import im.signet.standalone.backup.BackupCommand;
import im.signet.standalone.backup.RestoreCommand;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.standalone.config.ConfigGroup;
import im.signet.standalone.config.UpgradeGroup;
import im.signet.standalone.doctor.DoctorCommand;
import im.signet.standalone.health.HealthCommand;
import im.signet.standalone.install.InstallCommand;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The server's command line: {@code signet COMMAND}, where {@code serve} is the default. */
@Command(name = "signet", synopsisSubcommandLabel = "[COMMAND]", abbreviateSynopsis = true, sortOptions = false, usageHelpAutoWidth = true, scope = CommandLine.ScopeType.INHERIT, parameterListHeading = "%nParameters%n", optionListHeading = "%nOptions%n", commandListHeading = "%nCommands%n", description = "Identity and contact discovery for Matrix.", footerHeading = "%n", footer = {
    "Settings are given by --config FILE, by --SETTING=VALUE, and by the environment;",
    "docs/reference/configuration.md lists them."})
public final class Signet {

    @Option(names = {"-h",
        "--help"}, usageHelp = true, scope = CommandLine.ScopeType.INHERIT, description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli shows the help where it is set
    private boolean help;

    private Signet() {}

    /** Runs a command and, for those that end by themselves, ends the process with a status for scripts. */
    public static void main(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        if (words.isEmpty() || (words.getFirst().startsWith("--") && !words.getFirst().equals("--help"))) {
            words.addFirst("serve");
        } else if (words.getFirst().equals("help")) {
            words.removeFirst();
            words.addLast("--help");
        }
        ServeCommand serve = new ServeCommand();
        // What the other commands are costs a start a tenth of a second.
        CommandLine commands = words.getFirst().equals("serve")
                ? prepared(new CommandLine(new Signet()).addSubcommand(serve))
                : commandLine(Operator.atTheTerminal());
        int status = commands.execute(words.toArray(String[]::new));
        if (serve.isCalled()) {
            // Here, for what fails in there is told by Spring, with the status that it gives.
            serve.start();
        } else if (status != Exit.OK.status()) {
            System.exit(status);
        }
    }

    /** Returns all commands, for that operator. */
    static CommandLine commandLine(Operator operator) {
        return commandLine(operator, AdminCommands.of(operator));
    }

    /** Returns all commands, for that operator, with these of {@code admin}. */
    static CommandLine commandLine(Operator operator, CommandLine admin) {
        CommandLine commands = new CommandLine(new Signet());
        commands.addSubcommand(new ServeCommand());
        commands.addSubcommand(admin);
        commands.addSubcommand(new BackupCommand());
        commands.addSubcommand(new RestoreCommand(operator, Clock.systemUTC()));
        commands.addSubcommand(new TemplatesGroup());
        commands.addSubcommand(new InstallCommand());
        commands.addSubcommand(new HealthCommand());
        commands.addSubcommand(new ConfigGroup());
        commands.addSubcommand(new DoctorCommand());
        commands.addSubcommand(new UpgradeGroup());
        return prepared(commands);
    }

    // picocli sets this on the subcommands that there are when it is called.
    private static CommandLine prepared(CommandLine commands) {
        // A Matrix user id begins with an @, which picocli would take for a file of arguments.
        commands.setExpandAtFiles(false);
        commands.setExecutionStrategy(Signet::run);
        commands.setParameterExceptionHandler((misuse, _) -> explain(misuse));
        commands.setExecutionExceptionHandler((failure, command, _) -> explain(failure, command.getErr()));
        return commands;
    }

    private static int run(ParseResult parsed) {
        CommandLine command = last(parsed).commandSpec().commandLine();
        try {
            int status = new CommandLine.RunLast().execute(parsed);
            return command.getExecutionResult() instanceof Exit exit ? exit.status() : status;
        } finally {
            command.getOut().flush();
            command.getErr().flush();
        }
    }

    private static ParseResult last(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last;
    }

    private static int explain(ParameterException misuse) {
        misuse.getCommandLine()
                .getErr()
                .println("signet: " + (misuse instanceof UnmatchedArgumentException unmatched
                        ? explain(unmatched)
                        : misuse.getMessage()));
        return Exit.USAGE.status();
    }

    private static String explain(UnmatchedArgumentException unmatched) {
        List<String> near = unmatched.getSuggestions();
        return "there is no command '" + unmatched.getUnmatched().getFirst() + "'; " + (near.isEmpty()
                ? "'signet help' shows what there is"
                : "did you mean '" + String.join("' or '", near) + "'?");
    }

    private static int explain(Exception failure, PrintWriter err) {
        if (failure instanceof UnusableSettingException unusable) {
            err.println("signet: " + unusable.getMessage() + " " + unusable.mend());
            return Exit.CONFIGURATION.status();
        }
        // The message of an exception may quote a secret; where it happened does not.
        err.println("signet: a defect of this program, please report it: " + FailureTrace.of(failure));
        return Exit.INTERNAL.status();
    }
}
