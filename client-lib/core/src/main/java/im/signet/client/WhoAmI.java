package im.signet.client;

import im.signet.protocol.identifier.UserId;

/** What came of asking a homeserver whose access token it is. */
public sealed interface WhoAmI permits WhoAmI.Self, WhoAmI.SomebodyElse, Failure {
    /** It is the user's. */
    record Self() implements WhoAmI {}

    /**
     * It is another user's.
     *
     * @param userId whose
     */
    record SomebodyElse(UserId userId) implements WhoAmI {}
}
