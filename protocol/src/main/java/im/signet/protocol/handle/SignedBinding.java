package im.signet.protocol.handle;

import im.signet.protocol.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A binding whose signatures were checked against the chain of its identity. What it is worth now, {@link #standing} says;
 * whether it may take the place of another, {@link #follows}. See
 * {@code docs/spec/handles.md}, sections 5.2 to 5.7. Immutable.
 */
public final class SignedBinding {
    private final Jws jws;
    private final Binding binding;
    private final JwsKey signer;
    private final boolean byRecoveryKey;

    private SignedBinding(Jws jws, Binding binding, JwsKey signer, boolean byRecoveryKey) {
        this.jws = jws;
        this.binding = binding;
        this.signer = signer;
        this.byRecoveryKey = byRecoveryKey;
    }

    /** What a binding is worth, beside its end. All but {@link #FRESH} are served as stale until it is renewed. */
    public enum Standing {
        /** Its signer still speaks for the identity. */
        FRESH,
        /** Its signer was revoked since. */
        SIGNER_REVOKED,
        /** Recovery keys were replaced, or devices set anew, since. */
        EPOCH_OVER,
        /** The identity was deactivated since. */
        IDENTITY_DEACTIVATED
    }

    /**
     * Returns the binding of {@code jws} when the identity signed it at the operation that it names as its head, which may
     * be older than the newest of {@code identity}.
     */
    public static Verdict<SignedBinding> verify(Jws jws, Identity identity) {
        return Refusal.judge(() -> {
            Binding binding = Binding.readPayload(jws);
            Refusal.when(!binding.id().equals(identity.id()), Reason.WRONG_ID);
            Identity then = identity.at(binding.hs()).orElseThrow(() -> new Refusal(Reason.UNKNOWN_HEAD));
            Refusal.when(!then.head().equals(binding.head()), Reason.WRONG_HEAD);
            Refusal.when(then.epoch() != binding.epoch(), Reason.WRONG_EPOCH);
            Refusal.when(then.isDeactivated(), Reason.DEACTIVATED);
            return signed(jws, binding, then);
        });
    }

    private static SignedBinding signed(Jws jws, Binding binding, Identity then) throws Refusal {
        List<JwsKey> authorities = new ArrayList<>(then.recovery());
        authorities.addAll(then.devices());
        Optional<JwsKey> masterKey = binding.reach().flatMap(Reach::matrixMasterKey);
        Signers signers = Signers.of(jws, masterKey.map(List::of).orElse(List.of()), authorities);
        signers.requireAllAdded();
        JwsKey signer = signers.authority();
        boolean byRecoveryKey = then.recovery().contains(signer);
        boolean active = binding.state() == Binding.State.ACTIVE;
        Refusal.when(!active && !byRecoveryKey, Reason.NEEDS_RECOVERY_KEY);
        Refusal.when(binding.seq() == 0 && byRecoveryKey, Reason.NEEDS_DEVICE);
        signers.verify();
        return new SignedBinding(jws, binding, signer, byRecoveryKey);
    }

    /**
     * Returns why this binding cannot take the place of {@code before}, which is the newest of the same handle and
     * identity; empty when it can.
     */
    public Optional<Reason> follows(SignedBinding before) {
        return Refusal.judge(() -> {
            Binding last = before.binding;
            Refusal.when(!binding.handle().equals(last.handle()), Reason.WRONG_HANDLE);
            Refusal.when(!binding.id().equals(last.id()), Reason.WRONG_ID);
            Refusal.when(binding.seq() != last.seq() + 1, Reason.WRONG_SEQ);
            Refusal.when(!binding.prev().equals(Optional.of(before.opId())), Reason.WRONG_PREV);
            Refusal.when(binding.hs() < last.hs(), Reason.HEAD_WENT_BACK);
            boolean active = binding.state() == Binding.State.ACTIVE;
            Refusal.when(!active && last.state() == Binding.State.RELEASED, Reason.RELEASED);
            boolean wasActive = last.state() == Binding.State.ACTIVE;
            // A thief of a device must not take back what its owner has moved or given up.
            Refusal.when(active && !wasActive && !byRecoveryKey, Reason.NEEDS_RECOVERY_KEY);
            Refusal.when(active && wasActive && byRecoveryKey, Reason.NEEDS_DEVICE);
            return true;
        }).reason();
    }

    /** Returns what the binding is worth beside the newest state of its identity that is known. */
    public Standing standing(Identity newest) {
        if (newest.isDeactivated()) {
            return Standing.IDENTITY_DEACTIVATED;
        }
        if (binding.epoch() < newest.epoch()) {
            return Standing.EPOCH_OVER;
        }
        boolean speaks = byRecoveryKey ? newest.recovery().contains(signer) : newest.devices().contains(signer);
        return speaks ? Standing.FRESH : Standing.SIGNER_REVOKED;
    }

    /** Returns whether the binding has ended at that time, in seconds since 1970. */
    public boolean isExpiredAt(long epochSeconds) {
        return epochSeconds >= binding.exp();
    }

    /**
     * Returns whether the two prove that the identity signed two things at once: another payload for the same handle and
     * seq.
     */
    public boolean contradicts(SignedBinding other) {
        return binding.handle().equals(other.binding.handle()) && binding.id().equals(other.binding.id())
                && binding.seq() == other.binding.seq() && !opId().equals(other.opId());
    }

    /** Returns the next binding: active, for 90 days, with the same reach; to be signed by a device, or by a recovery key after a move or release. */
    public Binding renew(Identity newest, long iat, Rnd rnd) {
        return next(newest, Binding.State.ACTIVE, Optional.empty(), binding.reach(), iat, rnd);
    }

    /** Returns the binding that says that the handle moved to {@code to}; to be signed by a recovery key. */
    public Binding move(Identity newest, Handle to, long iat, Rnd rnd) {
        return next(newest, Binding.State.MOVED, Optional.of(to), Optional.empty(), iat, rnd);
    }

    /** Returns the binding that gives the handle up; to be signed by a recovery key. */
    public Binding release(Identity newest, long iat, Rnd rnd) {
        return next(newest, Binding.State.RELEASED, Optional.empty(), Optional.empty(), iat, rnd);
    }

    private Binding next(Identity newest, Binding.State state, Optional<Handle> to, Optional<Reach> reach, long iat,
            Rnd rnd) {
        return new Binding(binding.handle(), binding.id(), binding.seq() + 1, Optional.of(opId()), newest.head(),
                newest.seq(), newest.epoch(), state, to, iat, iat + Binding.DEFAULT_LIFE_SECONDS, rnd, reach,
                JsonObject.of());
    }

    /** Returns what the binding says. */
    public Binding binding() {
        return binding;
    }

    /** Returns the name of the binding. */
    public OpId opId() {
        return jws.opId();
    }

    /** Returns the envelope, as it was given. */
    public Jws jws() {
        return jws;
    }

    /** Returns the key of the identity that signed, whose holder proves possession when it is registered. */
    public JwsKey signer() {
        return signer;
    }

    /** Equal when the payloads are: signatures are not part of a record's name. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SignedBinding that && opId().equals(that.opId());
    }

    @Override
    public int hashCode() {
        return opId().hashCode();
    }

    @Override
    public String toString() {
        return "SignedBinding[" + binding.handle() + ", " + binding.id() + ", seq " + binding.seq() + "]";
    }
}
