package im.signet.client;

import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.ResolvedHandle;

/** What came of asking for a handle. */
public sealed interface Registration permits Registration.Registered, Registration.Refused, Failure {
    /**
     * The handle names the identity.
     *
     * @param now    the identity with its new binding; store it
     * @param handle what the server answers to everybody who looks it up
     */
    record Registered(OwnIdentity now, ResolvedHandle handle) implements Registration {}

    /** The handle cannot be had, by this account or by anybody. */
    enum Refused implements Registration {
        /** Somebody has it. */
        TAKEN,
        /** Somebody has one that people could take for it; which one is not said. */
        LOOKS_LIKE_ANOTHER,
        /** Nobody gets it. */
        RESERVED,
        /** It was somebody's not long ago, and only they can have it. */
        IN_QUARANTINE,
        /** The operator or its owner has suspended it. */
        SUSPENDED,
        /** The operator lets only others have it: those whose Matrix user is called so, for one. */
        NOT_ALLOWED,
        /** It takes an invitation code that was not used yet. */
        NEEDS_INVITE,
        /** The account has as many handles as it can have. */
        TOO_MANY,
        /** The nameserver does not keep handles of that domain. */
        NOT_SERVED,
        /** The Matrix user of the reach is another one than the account's, and its master key has not signed. */
        REACH_NOT_PROVEN,
        /** The clocks differ by too much. The handle may be registered all the same: set the clock, and send the same again. */
        CLOCK_OFF,
        /** The identity has gone on by an operation that this device does not know, or this device speaks for it no longer: {@link OwnHandles#refresh}. */
        IDENTITY_CHANGED,
        /** The handle was this identity's before, and the binding does not follow on the last one: look it up, or use a recovery key. */
        DOES_NOT_FOLLOW
    }
}
