package im.signet.client;

/** What came of asking a homeserver to vouch for its user. */
public sealed interface OpenIdReading permits OpenIdReading.Read, Failure {
    /**
     * It does.
     *
     * @param token what to {@link IdentityServer#connect} with, once
     */
    record Read(OpenIdToken token) implements OpenIdReading {}
}
