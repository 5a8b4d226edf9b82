package im.signet.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = {"Print a script that completes commands in bash and zsh.",
    "To use it at once: source <(signet completion)"})
final class CompletionCommand extends Act {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    private CommandSpec spec;

    @Override
    Outcome run(App app) {
        app.terminal().printRaw(AutoComplete.bash("signet", spec.root().commandLine()));
        return Outcome.done();
    }
}
