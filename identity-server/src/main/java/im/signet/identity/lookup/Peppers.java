package im.signet.identity.lookup;

import im.signet.protocol.Parsed;
import im.signet.protocol.hash.Pepper;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.springframework.transaction.support.TransactionOperations;

/**
 * The peppers that clients may hash with, as the database says. The first is made once, whichever replica comes first.
 *
 * <p>
 * What was read is used for up to a second, which is harmless: a pepper that a replica takes for current a second too long
 * is accepted by all for an hour more, and one that it does not know yet makes it read again at once.
 */
final class Peppers {

    private static final Duration FRESH = Duration.ofSeconds(1);

    private final GenerationTable table;
    private final Clock clock;
    private volatile Reading latest;

    Peppers(GenerationTable table, TransactionOperations transactions, Clock clock, SecureRandom random) {
        this.table = table;
        this.clock = clock;
        transactions.executeWithoutResult(_ -> {
            table.manage();
            if (table.read().newest().isEmpty()) {
                table.addInUse(Pepper.generate(random), clock.instant());
            }
        });
        this.latest = read(clock.instant());
    }

    /** What the database said at that time or later. */
    private record Reading(Instant at, Generations generations) {

        boolean isFreshAt(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(FRESH));
        }
    }

    /** Returns the one that clients hash with now. */
    Generation current() {
        return recent(clock.instant()).generations().current();
    }

    /** Returns the generation of a pepper; empty when it never was in use, or not for an hour. */
    Optional<Generation> accepted(String text) {
        if (!(Pepper.parse(text) instanceof Parsed.Ok<Pepper>(Pepper pepper))) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Generation> known = recent(now).generations().accepted(pepper, now);
        return known.isPresent() ? known : read(now).generations().accepted(pepper, now);
    }

    private Reading recent(Instant now) {
        Reading reading = latest;
        return reading.isFreshAt(now) ? reading : read(now);
    }

    private Reading read(Instant now) {
        Reading reading = new Reading(now, table.read());
        latest = reading;
        return reading;
    }
}
