package im.signet.client;

/** What came of reading a server's terms. */
public sealed interface TermsReading permits TermsReading.Read, Failure {
    /**
     * The server stated them.
     *
     * @param terms the terms; without policies when the server has none
     */
    record Read(Terms terms) implements TermsReading {}
}
