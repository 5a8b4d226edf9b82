package im.signet.client.book;

import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of this device's contact book lie; {@link StoredContacts} makes and reads them. What comes out is believed,
 * states included: keep it where other programs cannot write, and let nothing in that comes from elsewhere.
 * {@link FileContactStore} is one; others write theirs. Implementations are safe for use by several threads and processes.
 */
public interface ContactStore {
    /** Returns what is stored. */
    Reading read();

    /**
     * Returns what came of putting {@code after} in the place of {@code before}, at once or not at all; empty {@code before}, if
     * nothing must be stored so far. It is compared byte for byte.
     */
    Writing replace(Optional<Content> before, Content after);

    /** The bytes of a contact book. {@link #toString()} hides them. */
    final class Content {
        private final byte[] bytes;

        private Content(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns a copy of {@code bytes} as content. */
        public static Content copyOf(byte[] bytes) {
            return new Content(bytes.clone());
        }

        /** Returns a copy of the bytes. */
        public byte[] toBytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Content[" + bytes.length + " bytes]";
        }
    }

    /** What came of reading. */
    sealed interface Reading permits Reading.Found, Reading.Absent, Failure {
        /**
         * Something is stored.
         *
         * @param content what
         */
        record Found(Content content) implements Reading {}

        /** Nothing was ever stored. */
        record Absent() implements Reading {}
    }

    /** What came of a change. */
    sealed interface Writing permits Writing.Written, Writing.Conflict, Failure {
        /** It is stored, and would survive that the machine stops now. */
        record Written() implements Writing {}

        /** Something else is stored than was expected; nothing was changed. Read again. */
        record Conflict() implements Writing {}
    }

    /**
     * The store cannot be used; nothing was changed.
     *
     * @param reason the kind of fault
     */
    record Failure(String reason) implements Reading, Writing {}
}
