package im.signet.bench.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Which faults a round has, and when: the same for the same seed. */
record FaultPlan(List<Step> steps) {

    private static final List<Fault> KINDS = List.of(Fault.values());
    private static final int LONGEST_PAUSE_MILLIS = 3000;
    private static final int SHORTEST_PAUSE_MILLIS = 200;

    /** Keeps a copy. */
    FaultPlan {
        steps = List.copyOf(steps);
    }

    /**
     * One fault.
     *
     * @param after how long after the round's begin
     * @param pause how long it lasts, where it lasts
     */
    record Step(Duration after, Fault fault, Duration pause) {

        String words() {
            return fault.words() + " +%.1fs".formatted(after.toMillis() / 1000.0);
        }
    }

    /**
     * Returns the plan of a round. Each kind of fault is the first of one round in ten.
     *
     * @param round counts from 1
     * @param length how long writers write
     */
    static FaultPlan of(long seed, int round, Duration length) {
        SplittableRandom chance = new SplittableRandom(seed * 1_000_003 + round);
        List<Step> steps = new ArrayList<>();
        steps.add(step(kindOf(seed, round), length, chance));
        int more = 1 + chance.nextInt(2);
        for (int i = 0; i < more; i++) {
            steps.add(step(KINDS.get(chance.nextInt(KINDS.size())), length, chance));
        }
        steps.sort(Comparator.comparing(Step::after));
        return new FaultPlan(steps);
    }

    private static Fault kindOf(long seed, int round) {
        int kinds = KINDS.size();
        List<Fault> order = new ArrayList<>(KINDS);
        SplittableRandom chance = new SplittableRandom(seed + (round - 1) / kinds);
        for (int i = kinds - 1; i > 0; i--) {
            int other = chance.nextInt(i + 1);
            Fault swapped = order.get(i);
            order.set(i, order.get(other));
            order.set(other, swapped);
        }
        return order.get((round - 1) % kinds);
    }

    private static Step step(Fault fault, Duration length, SplittableRandom chance) {
        long latest = Math.max(1, length.toMillis() - 500);
        return new Step(Duration.ofMillis(300 + chance.nextLong(latest)), fault, Duration.ofMillis(
                SHORTEST_PAUSE_MILLIS + chance.nextInt(LONGEST_PAUSE_MILLIS - SHORTEST_PAUSE_MILLIS)));
    }
}
