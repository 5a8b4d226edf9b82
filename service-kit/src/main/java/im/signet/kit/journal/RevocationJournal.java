package im.signet.kit.journal;

import im.signet.kit.key.KeyedHash;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Where a service writes down what it ends. An entry is on disk before the transaction commits that ends it, and where it
 * cannot be written that transaction fails: nothing is ended that a restore would not know of. One whose transaction then
 * fails all the same does no harm, as somebody wanted that ended. Safe to use from many threads.
 */
public final class RevocationJournal {

    private final Supplier<JournalFolder> folder;
    private final String schema;
    private final KeyedHash hash;
    private final Clock clock;

    /**
     * @param schema the service's schema
     * @param hash   under the keys of the purpose {@code journal}
     */
    public RevocationJournal(JournalFolder folder, String schema, KeyedHash hash, Clock clock) {
        this(() -> folder, schema, hash, clock);
    }

    /**
     * As the other one, for commands, which open the journal once they end something.
     *
     * @param folder asked once in each transaction that ends something, before it commits
     */
    public RevocationJournal(Supplier<JournalFolder> folder, String schema, KeyedHash hash, Clock clock) {
        this.folder = folder;
        this.schema = schema;
        this.hash = hash;
        this.clock = clock;
    }

    /**
     * Writes that something is ended by the running transaction, as the last thing before it commits; all that it ends in one
     * piece, so that there is one sync for all. For parts that are {@link #hashed} here.
     */
    public void add(String kind, List<String> parts) {
        add(kind, Optional.of(Revocation.Key.of(hash)), parts);
    }

    /**
     * As the other one, for parts that were hashed with keys of another purpose.
     *
     * @param key without which a restore cannot tell what the entry is about; empty where rows of a backup have the same
     *            hashes
     */
    public void add(String kind, Optional<Revocation.Key> key, List<String> parts) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException("there is no transaction that ends anything");
        }
        pending().add(new Revocation(clock.instant().truncatedTo(ChronoUnit.MICROS), schema, kind, key,
                parts));
    }

    /** Returns what the running transaction has ended so far. */
    private Pending pending() {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof Pending pending && pending.isOf(this)) {
                return pending;
            }
        }
        Pending first = new Pending();
        TransactionSynchronizationManager.registerSynchronization(first);
        return first;
    }

    /** What a transaction ends. */
    private final class Pending implements TransactionSynchronization {

        private final List<Revocation> entries = new ArrayList<>();
        private boolean written;

        boolean isOf(RevocationJournal journal) {
            return RevocationJournal.this == journal;
        }

        void add(Revocation revocation) {
            if (written) {
                throw new IllegalStateException("the journal of this transaction is written already");
            }
            entries.add(revocation);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            written = true;
            folder.get().write(entries);
        }
    }

    /** Returns the keyed hash of what must not stand in a file, as a part of an entry. */
    public String hashed(String kind, String... values) {
        return Revocation.part(hash.current(bytes(kind, values)));
    }

    /** Returns every form that {@link #hashed} can have returned, under older keys too. */
    public static List<String> hashes(KeyedHash hash, String kind, String... values) {
        return hash.underEachKey(bytes(kind, values)).stream().map(Revocation::part).toList();
    }

    private static byte[] bytes(String kind, String... values) {
        return (kind + "\0" + String.join("\0", values)).getBytes(StandardCharsets.UTF_8);
    }
}
