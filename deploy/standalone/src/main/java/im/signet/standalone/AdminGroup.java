package im.signet.standalone;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code admin WORDS...}: what the operator does beside a running server. */
@Command(name = "admin", description = "what the operator does beside a running server; without words it lists them")
final class AdminGroup implements Callable<Exit> {

    private final List<AdminCommand> commands;
    private final Operator operator;

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "WORDS", description = "the command, such as: pepper rotate")
    private final List<String> words = new ArrayList<>();

    @Option(names = "--yes", description = "go on without asking")
    private boolean yes;

    AdminGroup(List<AdminCommand> commands, Operator operator) {
        this.commands = commands;
        this.operator = operator;
    }

    @Override
    public Exit call() {
        return new Admin(commands, output.out(), output.err(), operator).run(words, arguments, yes);
    }
}
