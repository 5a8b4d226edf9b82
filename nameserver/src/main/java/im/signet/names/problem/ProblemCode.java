package im.signet.names.problem;

/**
 * Why a request is refused that holds nothing wrong by itself; wrong records have their
 * {@link im.signet.protocol.handle.Reason}. The names are stable.
 */
public enum ProblemCode {
    /** No such handle, identity or domain: one answer to all of them. */
    NOT_FOUND(404, "there is nothing of that name here"),
    /** The operator, or its owner's withdrawal, keeps the handle from resolving; {@code reason} says which. */
    HANDLE_SUSPENDED(410, "the handle is suspended"),
    /** The handle was given up or has run out, and nobody else has it. */
    HANDLE_GONE(410, "the handle is no longer in use"),
    /** The operator's policy lets this account not have that handle. */
    NOT_ALLOWED(403, "this account may not register that handle here"),
    /** Nobody gets that handle. */
    HANDLE_RESERVED(403, "the handle is reserved"),
    /** The code is none, or was used. */
    UNKNOWN_INVITE(403, "registering here needs an invitation code that was not used yet"),
    /** The account has as many handles as it can. */
    TOO_MANY_HANDLES(403, "the account has as many handles as it can have; those in quarantine count"),
    /** The MXID of the reach is neither the account's nor has its master key signed. */
    REACH_NOT_PROVEN(403, "reach must be the account's own user, or signed by the master key it names"),
    /** What keeps the handle in use needs the terms accepted. */
    TERMS_NOT_SIGNED(403, "there are terms of use to accept first"),
    /** Somebody has the handle. */
    HANDLE_TAKEN(409, "the handle is taken"),
    /** Somebody has one that people could take for it. */
    HANDLE_CONFUSABLE(409, "the handle looks like one that is taken"),
    /** Another record stands at that seq, or one before it is missing; {@code head} and {@code seq} are the newest. */
    STALE(409, "the record does not follow on the newest one"),
    /** The binding was signed when the chain was shorter; {@code head} and {@code seq} are the newest. */
    OLD_HEAD(409, "the binding was not signed at the newest operation of the identity"),
    /** The chain that came is another than the one that is known. */
    FORKED(409, "another operation stands in the chain that is known"),
    /** The server was brought back from a backup, and the identity's owner has not shown the newest chain since. */
    IDENTITY_RESTORED(409,
            "this server was restored from a backup: show the identity's newest chain first, by its first"
                    + " device or a recovery key"),
    /** A restored identity is shown by another key than its first device's or a recovery key. */
    NOT_SENIOR(403, "after a restore the first device of the identity, or a recovery key, has to show its chain"),
    /** The chain is older than the one that the handle had. */
    CHAIN_TOO_SHORT(409, "the chain is older than the one that is known"),
    /** The nonce was never given out to this account, was used, or is too old. */
    UNKNOWN_CHALLENGE(422, "the proof answers no challenge that is open; ask for a new one"),
    /** The time of the proof is far off. */
    PROOF_TIME(422, "the proof was made at another time; check the clock"),
    /** The binding has ended, or ends too late. */
    BINDING_TIME(422, "the binding has ended already or was signed in the future; check the clock"),
    /** Its signer was revoked since. */
    SIGNER_REVOKED(422, "the key that signed was revoked since"),
    /** Recovery keys were replaced, or devices set anew, since. */
    EPOCH_OVER(422, "the binding is of an epoch that is over"),
    /** The identity was deactivated since. */
    IDENTITY_DEACTIVATED(422, "the identity was deactivated");

    private final int status;
    private final String words;

    ProblemCode(int status, String words) {
        this.status = status;
        this.words = words;
    }

    int status() {
        return status;
    }

    String words() {
        return words;
    }
}
