package im.signet.client;

/** What came of asking whether an address is validated by now. */
public sealed interface Proof permits Proof.Proven, Proof.NotYet, Proof.Expired, Proof.UnknownSession, Failure {
    /**
     * It is.
     *
     * @param address the only thing that can be bound
     */
    record Proven(ProvenAddress address) implements Proof {}

    /** It is not: neither was the token submitted so far, nor a link in the message confirmed. */
    record NotYet() implements Proof {}

    /** The session ended: ask for a new token. */
    record Expired() implements Proof {}

    /** The server has no such session, any more or at all: ask for a new token. */
    record UnknownSession() implements Proof {}
}
