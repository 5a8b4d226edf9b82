package im.signet.identity.binding;

import im.signet.protocol.json.JsonObject;

/** What came of asking for a binding. */
sealed interface BindingOutcome {

    /** The address is bound; this is the signed association. */
    record Bound(JsonObject association) implements BindingOutcome {}

    /** The session's token was not submitted yet. */
    record NotValidated() implements BindingOutcome {}

    /** The session has run out. */
    record Expired() implements BindingOutcome {}

    /** No session of this user has that sid and secret. */
    record NoSession() implements BindingOutcome {}

    /** A newer proof of the address, by another user, stands. */
    record ProvenSinceBySomebodyElse() implements BindingOutcome {}
}
