package im.signet.names.registration;

import im.signet.kit.metric.Tally;
import im.signet.names.problem.Problem;
import im.signet.protocol.handle.Binding;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** How often handles were changed, and how. */
final class HandleTally {

    private static final Tally.ByBoth<Operation, Outcome> OPERATIONS = Tally.by("signet.handle.operations",
            "Changes of handles that were asked for", "operation", Operation.class, "outcome", Outcome.class);

    private static final HandleTally INSTANCE = new HandleTally();

    private HandleTally() {}

    /** Returns the one there is. */
    static HandleTally operations() {
        return INSTANCE;
    }

    /** What was asked for. */
    enum Operation {
        REGISTER, RENEW, MOVE, RELEASE;

        /** Returns what a binding asks for that follows on another. */
        static Operation of(Binding.State state) {
            return switch (state) {
                case ACTIVE -> RENEW;
                case MOVED -> MOVE;
                case RELEASED -> RELEASE;
            };
        }
    }

    /** What came of it. */
    private enum Outcome {
        DONE, REPEATED, REFUSED
    }

    /** Does it and counts it, by whether it added anything. */
    <T> T counted(Operation operation, Supplier<T> work, Predicate<T> added) {
        T result;
        try {
            result = work.get();
        } catch (Problem refusal) {
            OPERATIONS.add(operation, Outcome.REFUSED);
            throw refusal;
        }
        OPERATIONS.add(operation, added.test(result) ? Outcome.DONE : Outcome.REPEATED);
        return result;
    }
}
