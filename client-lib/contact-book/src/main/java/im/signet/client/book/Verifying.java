package im.signet.client.book;

/** What came of entering a {@link Verification} into the contact book. */
public sealed interface Verifying {
    /**
     * What was compared is validated now, and so is what it signs for.
     *
     * @param book the book with it
     */
    record Verified(ContactBook book) implements Verifying {}

    /** The book does not know what was compared. */
    record NotInBook() implements Verifying {}

    /** The book knows another state of it than the one that was compared: compare again. */
    record Outdated() implements Verifying {}

    /** Its owner has ended the identity. */
    record Ended() implements Verifying {}

    /**
     * It has contradicted itself, and what was compared does not decide between its two stories: see
     * {@code docs/decisions/2026-11-21-the-contact-book.md}. Scan the card of a device that knows the newest operations, or
     * compare fingerprints after its owner has begun a new epoch.
     */
    record ConflictOpen() implements Verifying {}
}
