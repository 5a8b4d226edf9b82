package im.signet.identity.lookup;

import im.signet.identity.association.Associations;
import im.signet.identity.association.Findable;
import im.signet.protocol.hash.Pepper;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.transaction.support.TransactionOperations;

/// Gives clients a new pepper from time to time, or when the operator asks for one, while lookups and bindings go on.
///
/// The next generation of lookup entries is built beside the one in use, a few thousand associations a transaction. From
/// the moment it exists, bindings make their entries in it as well ([Lookup#index]), and removals take theirs out of it.
/// When all are there one row is changed, and every replica uses the new pepper. The former one is accepted for
/// [Generations#GRACE]; then its entries are deleted, again a few thousand at a time, and what was spent of its budgets.
///
/// Every step is one transaction and is decided by what the database holds, under a lock: servers may be killed
/// between any two, several may try at once, and another may go on. It waits half a second for anybody at most, which
/// is less than PostgreSQL takes to look for a deadlock: it is always the rotation that gives way, and it comes again.
///
/// The entries of a new generation are made under the key of `lookup-hash` that is in use. So a lookup key can be
/// retired: put a new one in use at every server, rotate, and when the generation before is deleted and no entry is of
/// the older key, that is written to the log, and its line may be taken out of the key file.
final class PepperRotation {

    private static final Logger log = LoggerFactory.getLogger(PepperRotation.class);

    /** How many associations, or entries, one transaction handles. */
    static final int BATCH = 5_000;

    // lock_not_available, deadlock_detected
    private static final Set<String> GIVING_WAY = Set.of("55P03", "40P01");
    private static final int PATIENCE_MILLIS = 500;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

    private final GenerationTable table;
    private final Directory directory;
    private final SpendingTable spendings;
    private final Associations associations;
    private final TransactionOperations transactions;
    private final Duration lifetime;
    private final Clock clock;
    private final SecureRandom random;
    private volatile Instant notBefore = Instant.MIN;

    @SuppressWarnings("TooManyParameters") // what it works with
    PepperRotation(GenerationTable table, Directory directory, SpendingTable spendings, Associations associations,
            TransactionOperations transactions, Duration lifetime, Clock clock, SecureRandom random) {
        this.table = table;
        this.directory = directory;
        this.spendings = spendings;
        this.associations = associations;
        this.transactions = transactions;
        this.lifetime = lifetime;
        this.clock = clock;
        this.random = random;
    }

    /** Does all there is to do now. After a failure it rests for half a minute, so that the log says so now and then. */
    void run() {
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        try {
            while (!Thread.currentThread().isInterrupted() && step()) {
                log.debug("A step of the pepper's rotation is done");
            }
        } catch (RuntimeException failed) {
            if (isGivingWay(failed)) {
                log.debug("The pepper's rotation gives way to others and goes on at the next run");
                return;
            }
            notBefore = clock.instant().plus(PAUSE_AFTER_FAILURE);
            throw failed;
        }
    }

    private static boolean isGivingWay(RuntimeException failed) {
        return NestedExceptionUtils.getMostSpecificCause(failed) instanceof SQLException cause
                && GIVING_WAY.contains(String.valueOf(cause.getSQLState()));
    }

    /** Does one step, and returns whether there may be another to do. */
    boolean step() {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            if (!table.tryToManage()) {
                return false;
            }
            table.waitAtMost(PATIENCE_MILLIS);
            return switch (RotationStep.after(table.read(), table.isRotationRequested(), lifetime, clock.instant())) {
                case RotationStep.Begin _ -> begin();
                case RotationStep.Build(Generation next) -> build(next);
                case RotationStep.Clear(Generation old) -> clear(old);
                case RotationStep.Rest _ -> false;
            };
        }));
    }

    private boolean begin() {
        table.lockAgainstBindings();
        table.addUnderConstruction(Pepper.generate(random), clock.instant());
        return true;
    }

    private boolean build(Generation next) {
        table.takeRequestsUp(next.id());
        List<Findable> batch = associations.lockFindableAfter(next.builtTo(), BATCH);
        if (batch.isEmpty()) {
            table.putIntoUse(next.id(), clock.instant());
            log.info("A new pepper is in use; the one before it is accepted for {} minutes more",
                    Generations.GRACE.toMinutes());
        } else {
            directory.add(next.id(), batch.stream().flatMap(found -> LookupEntry.of(found, next.pepper())).toList());
            table.setBuiltTo(next.id(), batch.getLast().associationId());
        }
        return true;
    }

    private boolean clear(Generation old) {
        if (directory.removeSome(old.id(), BATCH) > 0 || spendings.removeSome(old.id(), BATCH) > 0) {
            return true;
        }
        table.lockAgainstBindings();
        // Again: a binding may have added to it until now.
        if (directory.removeSome(old.id(), BATCH) == 0 && directory.isEmpty(old.id())) {
            table.delete(old.id());
            directory.forgetUnusedKeys()
                    .forEach(key -> log
                            .info("No lookup entry is of the key '{}' any more: it may be taken out of the key"
                                    + " file 'lookup-hash'", key));
            return true;
        }
        return false;
    }
}
