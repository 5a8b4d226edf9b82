package im.signet.client;

import im.signet.client.handle.OwnIdentity;

/** What came of renewing, moving or releasing a handle. */
public sealed interface BindingUpdate permits BindingUpdate.Updated, BindingUpdate.Refused, Failure {
    /**
     * The server has the binding.
     *
     * @param now the identity with it; store it
     */
    record Updated(OwnIdentity now) implements BindingUpdate {}

    /** The server does not take it. */
    enum Refused implements BindingUpdate {
        /** Another binding stands in its place, put by another device: look the handle up, and sign what follows on that. */
        OVERTAKEN,
        /** The identity has gone on by an operation that this device does not know, or this device speaks for it no longer: {@link OwnHandles#refresh}. */
        IDENTITY_CHANGED,
        /** The operator has suspended the handle, or its owner; it can be released only. */
        SUSPENDED,
        /** The handle is nobody's any more: register it anew, if that is still wanted. */
        GONE,
        /** The Matrix user of the reach is another one than the account's. */
        REACH_NOT_PROVEN,
        /** The clocks differ by too much. The binding may be taken all the same: set the clock, and send the same again. */
        CLOCK_OFF
    }
}
