package im.signet.terms.account;

import im.signet.kit.token.AccessToken;

/** What came of exchanging a homeserver's OpenID token. */
sealed interface Registration {

    /** The homeserver knows the user; this is their new token. */
    record Registered(AccessToken token) implements Registration {}

    /** The operator does not serve users of that homeserver, which was not asked. */
    record NotServed() implements Registration {}

    /** The token got somebody an account before. */
    record UsedBefore() implements Registration {}

    /** The homeserver says no, or speaks for a user who is not its own. */
    record Refused() implements Registration {}

    /** The homeserver gave no answer that can be used. The token can be used later. */
    record HomeserverUnreachable() implements Registration {}
}
