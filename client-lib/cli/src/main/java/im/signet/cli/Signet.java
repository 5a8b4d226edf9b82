package im.signet.cli;

import im.signet.cli.Outcome.Line;
import im.signet.protocol.json.StrictJson;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command line: {@code signet COMMAND}. */
@Command(name = "signet", synopsisSubcommandLabel = "COMMAND", sortOptions = false, usageHelpAutoWidth = true, abbreviateSynopsis = true, scope = CommandLine.ScopeType.INHERIT, parameterListHeading = "%nParameters%n", optionListHeading = "%nOptions%n", commandListHeading = "%nCommands%n", description = {
    "Be found, find others, and own a handle, with a Matrix identity server of your choice.%n",
    "Each command tells what it discloses, and asks before it sends."}, subcommands = {LoginCommand.class,
        LogoutCommand.class, TermsCommands.class, AddressCommands.class,
        IdCommands.class, HandleCommands.class, ContactCommands.class,
        CompletionCommand.class}, footerHeading = "%n", footer = {"Exit status", "   0  it is done",
            "   1  the answer is no", "   2  wrong usage", "   3  you did not agree",
            "   4  not now: a server cannot be reached, or has a limit", "   5  something else is to be done first",
            "   6  alarm: what was found contradicts what was known"})
public final class Signet {

    @Mixin
    final GlobalOptions options = new GlobalOptions();

    private final Function<String, Terminal> terminals;
    private final Clock clock;
    private final SecureRandom random;

    private Signet(Function<String, Terminal> terminals, Clock clock, SecureRandom random) {
        this.terminals = terminals;
        this.clock = clock;
        this.random = random;
    }

    /** Runs one command and ends the process with its status. */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        System.exit(run(args, colour -> ConsoleTerminal.ofProcess(colour, environment), Clock.systemUTC(),
                new SecureRandom()));
    }

    /** Runs one command and returns its status. */
    static int run(String[] args, Function<String, Terminal> terminals, Clock clock, SecureRandom random) {
        CommandLine commands = new CommandLine(new Signet(terminals, clock, random));
        commands.setHelpFactory(CommandHelp::new);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setParameterExceptionHandler((wrong, _) -> {
            CommandLine command = wrong.getCommandLine();
            System.err.println("signet: " + Shown.line(String.valueOf(wrong.getMessage())));
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, System.err);
            System.err.println(command.getCommandSpec().qualifiedName() + " --help tells more.");
            return Exit.USAGE.status();
        });
        commands.setExecutionExceptionHandler((failure, _, _) -> {
            // The message of an exception may quote a secret; where it happened does not.
            System.err.println("signet: a defect of this program, please report it: " + failure.getClass().getName());
            for (StackTraceElement element : failure.getStackTrace()) {
                System.err.println("    at " + element);
            }
            return Exit.DEFECT.status();
        });
        try {
            return commands.execute(args);
        } catch (StackOverflowError | OutOfMemoryError error) {
            System.err.println("signet: too much to be read: " + error.getClass().getSimpleName());
            return Exit.DEFECT.status();
        }
    }

    /** Runs {@code act} and reports what it came to. */
    int perform(Act act) {
        if (!ConsoleTerminal.isWhen(options.colour)) {
            System.err.println("signet: --colour is auto, always or never");
            return Exit.USAGE.status();
        }
        Terminal terminal = terminals.apply(options.colour);
        Outcome outcome;
        try (App app = new App(options, terminal, clock, random)) {
            outcome = act.run(app);
        } catch (Ended ended) {
            outcome = ended.outcome();
        }
        report(outcome, terminal);
        return outcome.exit().status();
    }

    private void report(Outcome outcome, Terminal terminal) {
        if (options.json) {
            terminal.printRaw(Shown.json(StrictJson.write(outcome.json().with("outcome", outcome.exit().word()))));
            return;
        }
        for (Line line : outcome.lines()) {
            if (outcome.exit() == Exit.DONE || outcome.exit() == Exit.ALARM) {
                terminal.print(line.style(), line.text());
            } else {
                terminal.tell(line.style(), line.text());
            }
        }
    }
}
