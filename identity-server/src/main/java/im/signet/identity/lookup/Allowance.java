package im.signet.identity.lookup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How many distinct addresses may be asked for in a pepper's period, and what follows from what was spent.
///
/// A request that changes the sketch is answered while the sum fits. One that does not is a repeat for all that can be
/// told, and free; but of new addresses some leave a full sketch unchanged, too (15 of 16 after 50,000). Whoever tried
/// address after address once the budget is used up would be told those, were the others refused for nothing. So a
/// refusal
/// costs 1/p, p being the probability that a new address changes the sketch: whichever addresses are tried, their
/// expected
/// cost is at least the number of new ones that are answered. After [#REFUSALS] of them, less what was refilled, nothing
/// is
/// answered any more. That way somebody learns at most a tenth more than the budget, and an honest client whose address
/// book
/// has grown too large keeps what it had.
///
/// @param burst
///            how many at once
/// @param perHour
///            how many more for each hour that the pepper is in use
record Allowance(long burst, long perHour) {

    /** How many refused requests it takes until those are refused, too, that change nothing. */
    static final int REFUSALS = 256;

    private static final double MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

    /** What comes of a request. */
    sealed interface Verdict {

        /** Returns what will have been spent; empty when that is no more than before. */
        Optional<Spending> next();

        /** It may be answered. */
        record Granted(Optional<Spending> next) implements Verdict {}

        /**
         * It may not.
         *
         * @param missing how much is to be refilled first
         * @param next    what the refusal costs included
         */
        record Refused(double missing, Optional<Spending> next) implements Verdict {}
    }

    /**
     * Judges a request.
     *
     * @param spent what was spent before it
     * @param asked what it asks for, as {@link Spending#after} has it
     * @param inUse for how long the pepper has been in use
     */
    Verdict judge(Spending spent, long[] asked, Duration inUse) {
        double allowed = burst + perHour * (Math.max(0, inUse.toMillis()) / MILLIS_PER_HOUR);
        double answersEnd = allowed + REFUSALS * spent.costOfRefusal();
        Optional<Spending> next = spent.after(asked);
        if (next.isEmpty()) {
            return spent.charged() < answersEnd
                    ? new Verdict.Granted(next)
                    : new Verdict.Refused(spent.charged() - answersEnd, next);
        }
        // Small numbers are exact but for fractions.
        double wanted = Math.rint(next.get().charged());
        if (wanted <= allowed) {
            return new Verdict.Granted(next);
        }
        return new Verdict.Refused(wanted - allowed,
                Optional.of(spent).filter(before -> before.charged() < answersEnd).map(Spending::afterRefusal));
    }

    /**
     * Returns how long it takes until a request that was refused can be answered: until enough has been refilled, or until
     * the next pepper, with which every budget begins anew. From a second up.
     *
     * @param nextPepper when the next pepper comes into use
     */
    Duration wait(double missing, Instant now, Instant nextPepper) {
        Duration untilNextPepper = Duration.between(now, nextPepper);
        double refillMillis = perHour == 0 ? Double.POSITIVE_INFINITY : missing / perHour * MILLIS_PER_HOUR;
        long millis = (long) Math.min(Math.ceil(refillMillis), (double) untilNextPepper.toMillis());
        return Duration.ofMillis(Math.max(1_000, millis));
    }
}
