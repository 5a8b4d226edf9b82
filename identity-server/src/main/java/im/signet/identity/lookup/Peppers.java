package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.transaction.support.TransactionOperations;

/** The pepper in use. The first is made once, whichever replica comes first. */
final class Peppers {

    private final PepperRow current;

    Peppers(PepperRepository repository, TransactionOperations transactions, Clock clock, SecureRandom random) {
        PepperRow made = transactions.execute(_ -> {
            repository.lock();
            return repository.findCurrent()
                    .orElseGet(() -> repository.save(
                            new PepperRow(null, Pepper.generate(random).value(), clock.instant())));
        });
        if (made == null) {
            throw new IllegalStateException("no pepper");
        }
        this.current = made;
    }

    PepperRow current() {
        return current;
    }
}
