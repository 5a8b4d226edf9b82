package im.signet.client;

/** What came of telling a server which of its policies the user accepted. */
public sealed interface Acceptance permits Acceptance.Accepted, Failure {
    /** The server knows. */
    record Accepted() implements Acceptance {}
}
