package im.signet.protocol.handle;

/** Leads out of a row of checks at the first that fails; never leaves this package. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    Refusal(Reason reason) {
        super(reason.words(), null, false, false);
        this.reason = reason;
    }

    /** Checks that may end in a refusal. */
    @FunctionalInterface
    interface Checks<T> {
        T run() throws Refusal;
    }

    /** Returns what {@code checks} return, or the reason with which they ended. */
    static <T> Verdict<T> judge(Checks<T> checks) {
        try {
            return Verdict.valid(checks.run());
        } catch (Refusal refusal) {
            return Verdict.refused(refusal.reason);
        }
    }

    /** Throws when {@code fault} is true. */
    static void when(boolean fault, Reason reason) throws Refusal {
        if (fault) {
            throw new Refusal(reason);
        }
    }
}
