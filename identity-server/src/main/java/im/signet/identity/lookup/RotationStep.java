package im.signet.identity.lookup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is to be done next for the peppers. It follows from what the database holds, so whoever died left nothing unknown. */
sealed interface RotationStep {

    /** A new generation is to be begun. */
    record Begin() implements RotationStep {}

    /** Entries of the generation under construction are to be made, or it is complete and comes into use. */
    record Build(Generation next) implements RotationStep {}

    /** Entries of a generation that nobody accepts any more are to be deleted, and at last itself. */
    record Clear(Generation old) implements RotationStep {}

    /** There is nothing to do. */
    record Rest() implements RotationStep {}

    /**
     * Returns what follows from these generations.
     *
     * @param lifetime  how long a pepper is in use
     * @param requested whether the operator asked for a new one and nobody has taken that up
     */
    static RotationStep after(Generations generations, boolean requested, Duration lifetime, Instant now) {
        Optional<Generation> next = generations.next();
        if (next.isPresent()) {
            return new Build(next.get());
        }
        Instant since = generations.current().currentSince();
        if (requested || (since != null && !now.isBefore(since.plus(lifetime)))) {
            return new Begin();
        }
        return generations.outlived(now).<RotationStep>map(Clear::new).orElseGet(Rest::new);
    }
}
