package im.signet.identity.lookup;

import java.util.Optional;

import com.dynatrace.hash4j.distinctcount.MartingaleEstimator;
import com.dynatrace.hash4j.distinctcount.UltraLogLog;

/// What somebody has spent of a budget: a sketch of the distinct things asked for, and what they cost. Immutable.
///
/// The sketch is an UltraLogLog (Ertl, *UltraLogLog: A Practical and More Space-Efficient Alternative to
/// HyperLogLog for Approximate Distinct Counting*, PVLDB 17(7), 2024) of 4,096 registers, a byte each. It forgets
/// what it was made of. The cost is counted as it changes, by the martingale estimator (Ting 2014; Cohen 2015): a
/// change that had the probability p costs 1/p, so that each new thing costs 1 in expectation, changed or not, and
/// whatever the asker has learnt from answers and refusals before. An estimate from the sketch alone would not have
/// that. The standard error is 1 %.
final class Spending {

    private static final int PRECISION = 12;
    private static final Spending NOTHING = new Spending(UltraLogLog.create(PRECISION), 0);

    private final UltraLogLog sketch;
    private final double charged;

    private Spending(UltraLogLog sketch, double charged) {
        this.sketch = sketch;
        this.charged = charged;
    }

    /** Returns the beginning of every budget. */
    static Spending nothing() {
        return NOTHING;
    }

    /** Returns what {@link #sketch} and {@link #charged} once said; an empty sketch is of nothing. */
    static Spending of(byte[] sketch, double charged) {
        return new Spending(sketch.length == 0 ? UltraLogLog.create(PRECISION) : UltraLogLog.wrap(sketch.clone()),
                charged);
    }

    /** Returns the registers. */
    byte[] sketch() {
        return sketch.getState().clone();
    }

    /** Returns what was spent: about the number of distinct things, and the cost of refusals. */
    double charged() {
        return charged;
    }

    /**
     * Returns what will have been spent when these are asked for, each of them a hash of 64 bits whose key the asker does not
     * know; empty when the sketch stays as it is, as it surely does when all of them were asked for before.
     */
    Optional<Spending> after(long[] asked) {
        UltraLogLog next = sketch.copy();
        MartingaleEstimator cost = new MartingaleEstimator(charged, next.getStateChangeProbability());
        for (long hash : asked) {
            next.add(hash, cost);
        }
        return cost.getDistinctCountEstimate() > charged
                ? Optional.of(new Spending(next, cost.getDistinctCountEstimate()))
                : Optional.empty();
    }

    /** Returns what will have been spent when a request is refused that would have changed the sketch. */
    Spending afterRefusal() {
        return new Spending(sketch, charged + costOfRefusal());
    }

    /** Returns what a change of the sketch costs now: how many new things change it once, on average; at least 1. */
    double costOfRefusal() {
        return 1 / sketch.getStateChangeProbability();
    }
}
