package im.signet.client.book;

import im.signet.protocol.Parsed;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The contact book of this device, in its store. A damaged one is said to be so, and never taken for an empty one nor written
 * over. Safe for use by several threads.
 */
public final class StoredContacts {
    private final ContactStore store;
    private boolean wasThere;

    private StoredContacts(ContactStore store) {
        this.store = store;
    }

    /** What came of reading the book. */
    public sealed interface Reading permits Reading.Read, Fault {
        /**
         * The book.
         *
         * @param book as it is stored; empty when nothing was ever stored
         */
        record Read(ContactBook book) implements Reading {}
    }

    /** What came of changing the book. */
    public sealed interface Change permits Change.Changed, Change.Full, Fault {
        /**
         * It is stored.
         *
         * @param book as it is stored now
         */
        record Changed(ContactBook book) implements Change {}

        /** The book would be too large; nothing was changed. */
        record Full() implements Change {}
    }

    /** That the book can be neither read nor written; nothing was changed. */
    public sealed interface Fault extends Reading, Change {
        /**
         * What is stored is damaged, or of another version. Put an older copy in its place, or import what was exported into a
         * new one.
         *
         * @param reason why, in plain English; does not repeat what is stored
         */
        record Damaged(String reason) implements Fault {}

        /** What was stored is gone. */
        record Vanished() implements Fault {}

        /**
         * The store cannot be used.
         *
         * @param reason the kind of fault
         */
        record Unusable(String reason) implements Fault {}
    }

    /** Returns the book in {@code store}. Reads nothing yet. */
    public static StoredContacts in(ContactStore store) {
        return new StoredContacts(store);
    }

    /** Returns the book as it is stored now. */
    public synchronized Reading read() {
        Stored stored = stored();
        return stored.fault().isPresent() ? stored.fault().get() : new Reading.Read(stored.book());
    }

    /**
     * Returns what came of changing the book. If another program changes it meanwhile, {@code change} is done again, on what that
     * one stored: nothing is lost.
     */
    public synchronized Change change(UnaryOperator<ContactBook> change) {
        while (true) {
            Stored stored = stored();
            if (stored.fault().isPresent()) {
                return stored.fault().get();
            }
            ContactBook after = change.apply(stored.book());
            if (after.equals(stored.book())) {
                return new Change.Changed(after);
            }
            byte[] bytes = ContactBookFormat.write(after);
            if (bytes.length > ContactBookFormat.MAX_BYTES) {
                return new Change.Full();
            }
            ContactStore.Writing writing = store.replace(stored.content(), ContactStore.Content.copyOf(bytes));
            if (writing instanceof ContactStore.Failure failure) {
                return new Fault.Unusable(failure.reason());
            }
            if (writing instanceof ContactStore.Writing.Written) {
                wasThere = true;
                return new Change.Changed(after);
            }
        }
    }

    private record Stored(ContactBook book, Optional<ContactStore.Content> content, Optional<Fault> fault) {
        static Stored faulty(Fault fault) {
            return new Stored(ContactBook.empty(), Optional.empty(), Optional.of(fault));
        }
    }

    private Stored stored() {
        ContactStore.Reading reading = store.read();
        if (reading instanceof ContactStore.Failure failure) {
            return Stored.faulty(new Fault.Unusable(failure.reason()));
        }
        if (!(reading instanceof ContactStore.Reading.Found found)) {
            return wasThere
                    ? Stored.faulty(new Fault.Vanished())
                    : new Stored(ContactBook.empty(), Optional.empty(), Optional.empty());
        }
        wasThere = true;
        Parsed<ContactBook> book = ContactBookFormat.read(found.content().toBytes());
        return book instanceof Parsed.Ok<ContactBook> ok
                ? new Stored(ok.value(), Optional.of(found.content()), Optional.empty())
                : Stored.faulty(new Fault.Damaged(((Parsed.Refused<ContactBook>) book).reason()));
    }

    @Override
    public String toString() {
        return "StoredContacts[" + store + "]";
    }
}
