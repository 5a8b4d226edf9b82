package im.signet.standalone.command;

import java.io.PrintWriter;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where a command prints; what it printed is flushed when it has ended. */
@Command
public final class Output {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** Returns where the result goes. */
    public PrintWriter out() {
        return command().commandLine().getOut();
    }

    /** Returns where it says why there is no result. */
    public PrintWriter err() {
        return command().commandLine().getErr();
    }

    private CommandSpec command() {
        if (command == null) {
            throw new IllegalStateException("part of no command");
        }
        return command;
    }
}
