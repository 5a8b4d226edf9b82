package im.signet.client;

/** What came of logging out. */
public sealed interface Logout permits Logout.LoggedOut, Failure {
    /** The token is worth nothing any more, here and at the server. */
    record LoggedOut() implements Logout {}
}
