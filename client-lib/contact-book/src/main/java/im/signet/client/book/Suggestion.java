package im.signet.client.book;

/**
 * Whom to validate next, and why.
 *
 * @param contact the contact
 * @param subject what to verify of it: an identity, or a Matrix account where there is no identity
 * @param reason  why
 */
public record Suggestion(ContactId contact, Identifier subject, Reason reason) {
    /** Why somebody should be validated, the most urgent first. */
    public enum Reason {
        /** It is compromised. */
        COMPROMISED,
        /** It was validated, and is not any more. */
        DEMOTED,
        /** There is something to look at. */
        WARNED,
        /** Nobody has ever checked it. */
        NEVER_VALIDATED,
        /** It is validated itself, but other identifiers of the contact that it could sign for are not. */
        NOT_COVERED
    }
}
