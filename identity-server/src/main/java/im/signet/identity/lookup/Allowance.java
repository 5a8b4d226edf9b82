package im.signet.identity.lookup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.convert.DurationStyle;

/// How many distinct addresses may be asked for in a pepper's period, and what follows from what was spent.
///
/// A request that changes the sketch is answered while the sum fits. One that does not is a repeat for all that can be
/// told, and free; but of new addresses some leave a full sketch unchanged, too (15 of 16 after 50,000). Whoever tried
/// one after the other once the budget is used up would be told those, were the others refused for nothing.
///
/// So a refusal costs 1/p, p being the probability that a new address changes the sketch: whichever addresses are
/// tried, their expected cost is at least the number of new ones that are answered. After [#REFUSALS] of them, less
/// what was refilled, nothing is answered any more. That way somebody learns at most a tenth more than the budget, and
/// an honest client whose address book has grown too large keeps what it had.
final class Allowance {

    /** How many refused requests it takes until those are refused, too, that change nothing. */
    static final int REFUSALS = 256;

    private static final double MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

    private static final Pattern FORM = Pattern
            .compile("([1-9][0-9]{0,11}) then (0|[1-9][0-9]{0,11}) per ([1-9][0-9]{0,5}[smhd])");

    private final long burst;
    private final double perHour;

    /** Allows so many at once, and so many more in each hour that the pepper is in use. */
    Allowance(long burst, double perHour) {
        this.burst = burst;
        this.perHour = perHour;
    }

    /**
     * Returns the allowance that the text names, in the form of a {@link im.signet.kit.limit.Rate}, with larger numbers:
     * {@code 50000 then 6 per 1h}. Settings are bound by this method.
     *
     * @throws IllegalArgumentException when the text names none
     */
    public static Allowance valueOf(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "not an allowance such as '50000 then 6 per 1h', with numbers of up to 12 digits and s, m, h or d");
        }
        double hours = DurationStyle.SIMPLE.parse(form.group(3)).toMillis() / MILLIS_PER_HOUR;
        return new Allowance(Long.parseLong(form.group(1)), Long.parseLong(form.group(2)) / hours);
    }

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

    @Override
    public String toString() {
        return "Allowance[" + burst + ", " + perHour + "/h]";
    }
}
