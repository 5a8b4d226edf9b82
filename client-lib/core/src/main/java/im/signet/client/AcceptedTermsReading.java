package im.signet.client;

/** What came of reading which terms the user has accepted. */
public sealed interface AcceptedTermsReading permits AcceptedTermsReading.Read, Failure {
    /**
     * The homeserver keeps this of it.
     *
     * @param terms what is accepted; nothing when nobody ever asked
     */
    record Read(AcceptedTerms terms) implements AcceptedTermsReading {}
}
