package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The peppers that live at one moment, oldest first: those that were in use, the one that is, and perhaps one under
 * construction.
 */
record Generations(List<Generation> all) {

    /** How long a pepper is accepted after its successor came into use. */
    static final Duration GRACE = Duration.ofHours(1);

    /**
     * How much longer its entries are kept: the clocks of replicas differ, and a request that was accepted at the last
     * moment is still to be answered.
     */
    static final Duration MARGIN = Duration.ofMinutes(10);

    Generations {
        all = List.copyOf(all);
    }

    /** Returns the one that clients hash with now; empty only before a server's first start. */
    Optional<Generation> newest() {
        return used().reversed().stream().findFirst();
    }

    /** Returns the one that clients hash with now. */
    Generation current() {
        return newest().orElseThrow(() -> new IllegalStateException("no pepper is in use"));
    }

    /** Returns the one under construction. */
    Optional<Generation> next() {
        return all.stream().filter(generation -> generation.currentSince() == null).findFirst();
    }

    /** Returns the one whose pepper this is, if lookups with it are answered. */
    Optional<Generation> accepted(Pepper pepper, Instant now) {
        return used().stream()
                .filter(generation -> generation.pepper().equals(pepper))
                .filter(generation -> retiredAt(generation).map(at -> now.isBefore(at.plus(GRACE))).orElse(true))
                .findFirst();
    }

    /** Returns the oldest one that is not accepted any more, by any clock. */
    Optional<Generation> outlived(Instant now) {
        return used().stream()
                .filter(generation -> retiredAt(generation).map(at -> !now.isBefore(at.plus(GRACE).plus(MARGIN)))
                        .orElse(false))
                .findFirst();
    }

    /** Returns when another one came into use in its place; empty while it is in use itself. */
    private Optional<Instant> retiredAt(Generation generation) {
        return used().stream()
                .filter(later -> later.id() > generation.id())
                .findFirst()
                .flatMap(successor -> Optional.ofNullable(successor.currentSince()));
    }

    private List<Generation> used() {
        return all.stream().filter(generation -> generation.currentSince() != null).toList();
    }
}
