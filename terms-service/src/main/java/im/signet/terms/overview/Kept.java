package im.signet.terms.overview;

import im.signet.kit.holding.Holding;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the services keep of a user.
 *
 * @param entries    of all services that could be asked
 * @param unanswered the services that could not
 */
record Kept(List<Entry> entries, List<String> unanswered) {

    // A stolen token can have an address of the thief's bound. For so long it confirms nothing that an older one could.
    private static final Duration SETTLED_AFTER = Duration.ofDays(7);

    /** One thing that a service keeps. */
    record Entry(String service, Holding holding) {}

    Kept {
        entries = List.copyOf(entries);
        unanswered = List.copyOf(unanswered);
    }

    /** Returns the addresses that a link can be sent to: those that were kept for a week, and the one kept longest. */
    List<Entry> confirming(Instant now) {
        List<Entry> reachable = entries.stream()
                .filter(entry -> entry.holding().reachable())
                .sorted(Comparator.comparing(entry -> entry.holding().since()))
                .toList();
        Optional<Entry> oldest = reachable.stream().findFirst();
        return reachable.stream()
                .filter(entry -> entry.equals(oldest.orElseThrow())
                        || !entry.holding().since().plus(SETTLED_AFTER).isAfter(now))
                .toList();
    }

    /** Returns how many addresses could be reached, but not yet confirm. */
    long unsettled(Instant now) {
        return entries.stream().filter(entry -> entry.holding().reachable()).count() - confirming(now).size();
    }
}
