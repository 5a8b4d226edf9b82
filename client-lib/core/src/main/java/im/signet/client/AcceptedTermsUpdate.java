package im.signet.client;

/** What came of keeping which terms the user has accepted. */
public sealed interface AcceptedTermsUpdate permits AcceptedTermsUpdate.Kept, Failure {
    /**
     * The homeserver keeps it.
     *
     * @param now all that it keeps
     */
    record Kept(AcceptedTerms now) implements AcceptedTermsUpdate {}
}
