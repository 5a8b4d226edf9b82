package im.signet.client.secret;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps secrets by name. A change says what it expects to find, so that of two programs that change one secret none loses
 * what the other wrote without being told. Implementations are safe for use by several threads and processes.
 */
public interface SecretStore {
    /** Returns the secret of that name. */
    Reading read(String name);

    /** Returns the names that there are. */
    Listing names();

    /**
     * Returns what came of putting {@code after} in the place of {@code before}: empty {@code before}, if there must be none
     * so far; empty {@code after}, to delete. A name has 1 to 200 characters.
     */
    Writing replace(String name, Optional<Secret> before, Optional<Secret> after);

    /** What came of reading a secret. */
    sealed interface Reading permits Reading.Found, Reading.Absent, Failure {
        /**
         * There is one.
         *
         * @param secret the secret; the caller wipes it
         */
        record Found(Secret secret) implements Reading {}

        /** There is none of that name. */
        record Absent() implements Reading {}
    }

    /** What came of asking for the names. */
    sealed interface Listing permits Listing.Names, Failure {
        /**
         * These there are.
         *
         * @param names the names, in order; the set cannot be changed
         */
        record Names(Set<String> names) implements Listing {
            /** Keeps a copy of {@code names}. */
            public Names {
                names = Collections.unmodifiableSet(new TreeSet<>(names));
            }
        }
    }

    /** What came of changing a secret. */
    sealed interface Writing permits Writing.Written, Writing.Conflict, Failure {
        /** It is stored, and would survive that the machine stops now. */
        record Written() implements Writing {}

        /**
         * Another secret is there than was expected; nothing was changed.
         *
         * @param present what is there; the caller wipes it
         */
        record Conflict(Optional<Secret> present) implements Writing {}
    }

    /** What every operation can come to instead; nothing was changed. */
    sealed interface Failure extends Reading, Listing, Writing {
        /** The passphrase is wrong, or what is stored was changed or damaged: by its nature the encryption cannot tell which. */
        record WrongPassphraseOrDamaged() implements Failure {}

        /**
         * What is there is no store, or one of a version or of parameters that are refused.
         *
         * @param reason why, in plain English
         */
        record NotAStore(String reason) implements Failure {}

        /**
         * The file or its folder could not be read or written.
         *
         * @param reason the kind of fault
         */
        record Unusable(String reason) implements Failure {}

        /** The store has no room for more. */
        record Full() implements Failure {}
    }
}
