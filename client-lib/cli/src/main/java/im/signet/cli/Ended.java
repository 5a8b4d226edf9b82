package im.signet.cli;

/** Ends a command from within, with what it came to. */
final class Ended extends RuntimeException {
    private final transient Outcome outcome;

    Ended(Exit exit, String reason) {
        this(Outcome.not(exit, reason));
    }

    Ended(Outcome outcome) {
        super(outcome.exit().word(), null, false, false);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
