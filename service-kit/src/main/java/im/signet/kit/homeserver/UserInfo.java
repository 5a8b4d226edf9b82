package im.signet.kit.homeserver;

import im.signet.protocol.identifier.UserId;

/** What a homeserver says of an OpenID token. Reasons are safe to log; they never hold the token. */
public sealed interface UserInfo {

    /**
     * The token belongs to a user of the homeserver that was asked.
     *
     * @param user who holds the token
     */
    record Known(UserId user) implements UserInfo {}

    /**
     * The token is no good, or the homeserver is not one that we serve, or it names a user who is not its own.
     *
     * @param reason safe to log
     */
    record Refused(String reason) implements UserInfo {}

    /**
     * The homeserver gave no usable answer: it is down, slow or broken, or lies where we may not connect to. Trying
     * later may help.
     *
     * @param reason safe to log
     */
    record Unreachable(String reason) implements UserInfo {}
}
