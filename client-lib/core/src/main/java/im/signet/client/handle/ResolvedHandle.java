package im.signet.client.handle;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.SignedBinding;

import java.util.Optional;

/**
 * What a handle names: everything in it is signed by the identity that it names, and all of it was checked. That this is the
 * person whom the user means, nobody has checked: there is no way to say so here. Immutable.
 */
public final class ResolvedHandle {
    private final Chain chain;
    private final SignedBinding binding;
    private final Nameserver nameserver;
    private final Jws status;
    private final Freshness freshness;

    ResolvedHandle(Chain chain, SignedBinding binding, Nameserver nameserver, Jws status, Freshness freshness) {
        this.chain = chain;
        this.binding = binding;
        this.nameserver = nameserver;
        this.status = status;
        this.freshness = freshness;
    }

    /** Whether what was signed still stands; all but {@link #FRESH} are shown as stale, with the reason. */
    public enum Freshness {
        /** The key that signed still speaks for the identity. */
        FRESH,
        /** The key that signed was revoked since. */
        SIGNER_REVOKED,
        /** Recovery keys were replaced, or devices set anew, since. */
        EPOCH_OVER,
        /** The identity was ended since. */
        IDENTITY_DEACTIVATED,
        /** It has expired and was not renewed. */
        LAPSED
    }

    /** Returns the handle. */
    public Handle handle() {
        return binding.binding().handle();
    }

    /** Returns the identity that it names, with its devices and recovery keys as they are now. */
    public Identity identity() {
        return chain.identity();
    }

    /** Returns the operations that led there. */
    public Chain chain() {
        return chain;
    }

    /** Returns the signed binding. */
    public SignedBinding binding() {
        return binding;
    }

    /** Returns whether the binding still stands. */
    public Freshness freshness() {
        return freshness;
    }

    /** Returns where its owner says to be reached: a claim, and no more. Empty where they say nothing, or have gone. */
    public Optional<Reach> reach() {
        return binding.binding().state() == Binding.State.ACTIVE ? binding.binding().reach() : Optional.empty();
    }

    /** Returns the nameserver that showed it. */
    public Nameserver nameserver() {
        return nameserver;
    }

    /** Returns what the nameserver says of it, signed. */
    public Jws status() {
        return status;
    }

    /** Returns what to keep, so that the next answer can be held against this one. */
    public Pin pin() {
        return new Pin(chain, binding, nameserver, Optional.of(status));
    }

    @Override
    public String toString() {
        return "ResolvedHandle[" + handle() + " names " + identity().id() + ", " + freshness + "]";
    }
}
