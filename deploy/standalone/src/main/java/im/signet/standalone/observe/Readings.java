package im.signet.standalone.observe;

import im.signet.kit.metric.Gauged;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads off what services can say of their state, all at once and at most once a second, however many scrapers come. What
 * cannot be read within two seconds is no number; a scrape never waits for longer.
 */
final class Readings {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Attempt<Sample> attempt;
    private volatile Sample latest = new Sample(Map.of(), System.nanoTime() - FRESH_NANOS);

    Readings(Supplier<List<Gauged>> gauges) {
        this.attempt = new Attempt<>("readings", LIMIT, () -> read(gauges.get()));
    }

    private record Sample(Map<Gauged, Double> values, long takenAt) {

        boolean isFresh() {
            return System.nanoTime() - takenAt < FRESH_NANOS;
        }
    }

    private static Sample read(List<Gauged> gauges) {
        Map<Gauged, Double> values = new HashMap<>();
        for (Gauged gauge : gauges) {
            try {
                gauge.value().get().ifPresent(value -> values.put(gauge, value));
            } catch (RuntimeException unreadable) {
                values.remove(gauge);
            }
        }
        return new Sample(values, System.nanoTime());
    }

    /** Returns the value, or {@code NaN}. */
    double value(Gauged gauge) {
        Sample known = latest;
        if (!known.isFresh()) {
            known = attempt.answer().orElseGet(() -> new Sample(Map.of(), System.nanoTime()));
            latest = known;
        }
        return known.values().getOrDefault(gauge, Double.NaN);
    }
}
