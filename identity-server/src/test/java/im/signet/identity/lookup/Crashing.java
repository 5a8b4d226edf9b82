package im.signet.identity.lookup;

import im.signet.protocol.hash.LookupHash;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** A server that dies at a moment of a test's choice. */
final class Crashing {

    private Crashing() {}

    /** The end of that server: nothing after it runs. */
    static final class Crash extends Error {

        private static final long serialVersionUID = 1L;
    }

    /** When, of a transaction, the server dies. */
    enum Moment {
        BEFORE_IT_COMMITS, AFTER_IT_COMMITTED
    }

    /** Returns transactions of which the one of that number, from 1, is the last. */
    static TransactionOperations inTransaction(TransactionOperations real, int number, Moment moment) {
        AtomicInteger count = new AtomicInteger();
        return new TransactionOperations() {
            @Override
            public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
                if (count.incrementAndGet() < number) {
                    return real.execute(action);
                }
                real.execute(status -> {
                    action.doInTransaction(status);
                    if (moment == Moment.BEFORE_IT_COMMITS) {
                        throw new Crash();
                    }
                    return true;
                });
                throw new Crash();
            }
        };
    }

    /** Returns a directory in which the writing of that number, from 1, is the last. */
    static Directory inWriting(Directory real, int number) {
        AtomicInteger count = new AtomicInteger();
        return new Directory() {
            @Override
            public Map<LookupHash, String> find(long generation, Collection<LookupHash> hashes) {
                return real.find(generation, hashes);
            }

            @Override
            public void add(long generation, Collection<LookupEntry> entries) {
                real.add(generation, entries);
                dieInTime();
            }

            @Override
            public int removeSome(long generation, int atMost) {
                int removed = real.removeSome(generation, atMost);
                dieInTime();
                return removed;
            }

            @Override
            public boolean isEmpty(long generation) {
                return real.isEmpty(generation);
            }

            @Override
            public List<String> forgetUnusedKeys() {
                return real.forgetUnusedKeys();
            }

            private void dieInTime() {
                if (count.incrementAndGet() == number) {
                    throw new Crash();
                }
            }
        };
    }
}
