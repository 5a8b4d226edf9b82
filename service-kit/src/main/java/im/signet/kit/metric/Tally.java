package im.signet.kit.metric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What happened so often since this process began, told apart by labels whose values are the constants of enums. As a logger,
 * it is a constant of the class that counts, one a process: to count costs one addition, and nobody waits for it. Safe to
 * use from many threads.
 */
public abstract sealed class Tally {

    private static final Map<String, Tally> ALL = new ConcurrentSkipListMap<>();

    private final String name;
    private final String meaning;

    private Tally(String name, String meaning) {
        this.name = name;
        this.meaning = meaning;
        if (ALL.putIfAbsent(name, this) != null) {
            throw new IllegalStateException("there are two tallies " + name);
        }
    }

    /**
     * Makes a tally without labels.
     *
     * @param name    in lower case, with dots between words
     * @param meaning one sentence for whoever runs the server
     */
    public static Total of(String name, String meaning) {
        return new Total(name, meaning);
    }

    /** Makes a tally with one label, otherwise as {@link #of}. */
    public static <A extends Enum<A>> By<A> by(String name, String meaning, String label, Class<A> values) {
        return new By<>(name, meaning, label, values);
    }

    /** Makes a tally with two labels, otherwise as {@link #of}. */
    @SuppressWarnings("TooManyParameters") // what it is
    public static <A extends Enum<A>, B extends Enum<B>> ByBoth<A, B> by(String name, String meaning, String label,
            Class<A> values, String otherLabel, Class<B> otherValues) {
        return new ByBoth<>(name, meaning, label, values, otherLabel, otherValues);
    }

    /** Makes a tally with one label whose values this code declares one by one, otherwise as {@link #of}. */
    public static ByName byName(String name, String meaning, String label) {
        return new ByName(name, meaning, label);
    }

    /** Returns the tallies of all classes that were used so far, in the order of their names. */
    public static Collection<Tally> all() {
        return List.copyOf(ALL.values());
    }

    /** Returns the name. */
    public final String name() {
        return name;
    }

    /** Returns what it means, in a sentence. */
    public final String meaning() {
        return meaning;
    }

    /** Returns a counter for each value of the labels, also for those that nothing was counted of. */
    public abstract Stream<Series> series();

    /** Returns the value of a label that an enum's constant stands for. */
    public static String valueOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * One counter of a tally.
     *
     * @param labels by name, in their order
     */
    public record Series(Map<String, String> labels, LongAdder counter) {}

    private static <E extends Enum<E>, V> EnumMap<E, V> each(Class<E> type, Supplier<V> made) {
        EnumMap<E, V> map = new EnumMap<>(type);
        for (E constant : EnumSet.allOf(type)) {
            map.put(constant, made.get());
        }
        return map;
    }

    /** A tally without labels. */
    public static final class Total extends Tally {

        private final LongAdder counter = new LongAdder();

        private Total(String name, String meaning) {
            super(name, meaning);
        }

        /** Counts so many. */
        public void add(long count) {
            counter.add(count);
        }

        @Override
        public Stream<Series> series() {
            return Stream.of(new Series(Map.of(), counter));
        }
    }

    /** A tally with one label. */
    public static final class By<A extends Enum<A>> extends Tally {

        private final String label;
        private final EnumMap<A, LongAdder> counters;

        private By(String name, String meaning, String label, Class<A> type) {
            super(name, meaning);
            this.label = label;
            this.counters = each(type, LongAdder::new);
        }

        /** Counts one. */
        public void add(A value) {
            add(value, 1);
        }

        /** Counts so many. */
        public void add(A value, long count) {
            Objects.requireNonNull(counters.get(value)).add(count);
        }

        @Override
        public Stream<Series> series() {
            return counters.entrySet()
                    .stream()
                    .map(counter -> new Series(Map.of(label, valueOf(counter.getKey())), counter.getValue()));
        }
    }

    /** A tally with two labels. */
    public static final class ByBoth<A extends Enum<A>, B extends Enum<B>> extends Tally {

        private final String label;
        private final String otherLabel;
        private final EnumMap<A, EnumMap<B, LongAdder>> counters;

        @SuppressWarnings("TooManyParameters") // what it is
        private ByBoth(String name, String meaning, String label, Class<A> type, String otherLabel,
                Class<B> otherType) {
            super(name, meaning);
            this.label = label;
            this.otherLabel = otherLabel;
            this.counters = each(type, () -> each(otherType, LongAdder::new));
        }

        /** Counts one. */
        public void add(A value, B other) {
            add(value, other, 1);
        }

        /** Counts so many. */
        public void add(A value, B other, long count) {
            Objects.requireNonNull(Objects.requireNonNull(counters.get(value)).get(other)).add(count);
        }

        @Override
        public Stream<Series> series() {
            List<Series> series = new ArrayList<>();
            counters.forEach((value, others) -> others.forEach((other, counter) -> {
                Map<String, String> labels = new LinkedHashMap<>();
                labels.put(label, valueOf(value));
                labels.put(otherLabel, valueOf(other));
                series.add(new Series(labels, counter));
            }));
            return series.stream();
        }
    }

    /** A tally with one label whose values are declared one by one. */
    public static final class ByName extends Tally {

        private final String label;
        private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();

        private ByName(String name, String meaning, String label) {
            super(name, meaning);
            this.label = label;
        }

        /** Declares values, which must be constants of the code. */
        public void declare(String... values) {
            for (String value : values) {
                counters.putIfAbsent(value, new LongAdder());
            }
        }

        /** Counts one; what nobody declared is not counted. */
        public void add(String value) {
            LongAdder counter = counters.get(value);
            if (counter != null) {
                counter.increment();
            }
        }

        @Override
        public Stream<Series> series() {
            return counters.entrySet()
                    .stream()
                    .map(counter -> new Series(Map.of(label, counter.getKey()), counter.getValue()));
        }
    }
}
