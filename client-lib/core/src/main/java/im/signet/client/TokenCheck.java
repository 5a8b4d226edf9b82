package im.signet.client;

/** What came of submitting a validation token. */
public sealed interface TokenCheck
        permits TokenCheck.Correct, TokenCheck.Wrong, TokenCheck.Expired, TokenCheck.UnknownSession, Failure {
    /** The address is validated. */
    record Correct() implements TokenCheck {}

    /** That is not the token that was sent; after several of them a server ends the session. */
    record Wrong() implements TokenCheck {}

    /** The session ended: ask for a new token. */
    record Expired() implements TokenCheck {}

    /** The server has no such session, any more or at all: ask for a new token. */
    record UnknownSession() implements TokenCheck {}
}
