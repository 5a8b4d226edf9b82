package im.signet.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that does something. */
abstract class Act implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    private CommandSpec spec;

    /** Does it, and returns what it came to; an {@link Ended} says the same from within. */
    abstract Outcome run(App app);

    @Override
    public final Integer call() {
        return ((Signet) spec.root().userObject()).perform(this);
    }
}
