package im.signet.terms.account;

import im.signet.kit.token.AccessToken;

/** What came of exchanging a homeserver's OpenID token. */
sealed interface Registration {

    /** The homeserver knows the user; this is their new token. */
    record Registered(AccessToken token) implements Registration {}

    /** The homeserver, or the operator's allow list, says no. */
    record Refused() implements Registration {}

    /** The homeserver gave no answer that can be used. */
    record HomeserverUnreachable() implements Registration {}
}
