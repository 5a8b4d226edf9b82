package im.signet.client.handle;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.JsonObject;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a nameserver answers of a handle: {@code {binding, identity, status}}. Here it is judged; nobody is asked. */
public final class Bundle {
    /**
     * The greatest size that is read. A nameserver lets devices grow a chain to 2 MiB ({@code docs/spec/nameserver.md}, rule 11);
     * the rest is for recovery keys.
     */
    public static final int MAX_BYTES = 4 * 1024 * 1024;
    /** By how much the clocks of server and client may differ. */
    private static final long CLOCKS_DIFFER_SECONDS = 5L * 60;

    private final Handle handle;
    private final Nameserver nameserver;
    private final Optional<Pin> pin;
    private final Instant now;

    private Bundle(Handle handle, Nameserver nameserver, Optional<Pin> pin, Instant now) {
        this.handle = handle;
        this.nameserver = nameserver;
        this.pin = pin;
        this.now = now;
    }

    /** What a bundle is worth. */
    public sealed interface Judgement {
        /**
         * All of it is signed as it must be, and nothing contradicts what was pinned.
         *
         * @param handle what the handle names
         */
        record Good(ResolvedHandle handle) implements Judgement {}

        /**
         * It contradicts what was pinned.
         *
         * @param alarm how
         */
        record Raised(Alarm alarm) implements Judgement {}

        /**
         * The status does not hold now: an old answer is played back, or one of the clocks is wrong.
         *
         * @param from  since when it holds
         * @param until when it ends
         */
        record Untimely(Instant from, Instant until) implements Judgement {}

        /**
         * It is not what the protocol allows.
         *
         * @param reason why, in plain English; does not repeat the answer
         */
        record Invalid(String reason) implements Judgement {}
    }

    /**
     * Returns what {@code bundle} is worth as an answer of {@code nameserver} to the question for {@code handle}, beside what
     * was pinned. Throws an {@link IllegalArgumentException} when the pin is of another handle.
     */
    public static Judgement judge(Handle handle, JsonObject bundle, Nameserver nameserver, Optional<Pin> pin,
            Instant now) {
        if (pin.isPresent() && !pin.get().handle().equals(handle)) {
            throw new IllegalArgumentException("the pin is of another handle");
        }
        return new Bundle(handle, nameserver, pin, now).judge(bundle);
    }

    /**
     * Returns what proves that the nameserver contradicts what it said before, by what it says of a handle that does not
     * resolve; empty when nothing does.
     */
    public static Optional<Evidence> contradiction(Pin pin, Nameserver nameserver, Jws status) {
        // Also a key that is published no more: who dropped it would else take back what it signed.
        List<JwsKey> keys = new ArrayList<>(nameserver.statusKeys());
        pin.nameserver().statusKeys().stream().filter(key -> !keys.contains(key)).forEach(keys::add);
        return pin.status().flatMap(before -> Evidence.ofStatuses(keys, before, status));
    }

    private Judgement judge(JsonObject bundle) {
        Optional<Jws> bindingJws = envelope(bundle, "binding");
        Optional<Jws> statusJws = envelope(bundle, "status");
        Optional<List<Jws>> operations = bundle.get("identity").flatMap(Chain::envelopes);
        if (!bindingJws.isPresent() || !statusJws.isPresent() || !operations.isPresent()) {
            return new Judgement.Invalid("the answer has no binding, identity and status in signed form");
        }
        Verdict<Status> verified = Status.verify(statusJws.get(), nameserver.statusKeys());
        if (!(verified instanceof Verdict.Valid<Status> valid)) {
            return invalid("the status", verified);
        }
        Status status = valid.value();
        if (!status.handle().equals(handle)) {
            return invalid("the status", Reason.WRONG_HANDLE);
        }
        long seconds = now.getEpochSecond();
        if (status.iat() > seconds + CLOCKS_DIFFER_SECONDS
                || status.isExpiredAt(seconds - CLOCKS_DIFFER_SECONDS)) {
            return new Judgement.Untimely(Instant.ofEpochSecond(status.iat()), Instant.ofEpochSecond(status.exp()));
        }
        return chain(operations.get(), bindingJws.get(), status, statusJws.get());
    }

    private Judgement chain(List<Jws> operations, Jws bindingJws, Status status, Jws statusJws) {
        Optional<Pin> samePin = pin.filter(known -> !operations.isEmpty()
                && known.chain().operations().get(0).opId().equals(operations.get(0).opId()));
        if (!samePin.isPresent()) {
            Verdict<Chain> chain = Chain.replay(operations);
            return chain instanceof Verdict.Valid<Chain> valid
                    ? binding(valid.value(), bindingJws, status, statusJws)
                    : invalid("the identity", chain);
        }
        Pin known = samePin.get();
        Chain.Comparison comparison = known.chain().compare(operations);
        if (comparison instanceof Chain.Comparison.Continues continues) {
            return binding(continues.chain(), bindingJws, status, statusJws);
        }
        if (comparison instanceof Chain.Comparison.Behind) {
            return new Judgement.Raised(new Alarm.WentBack(known, lie(known, statusJws)));
        }
        if (comparison instanceof Chain.Comparison.Forked forked) {
            return new Judgement.Raised(new Alarm.ContradictsItself(known, forked.evidence()));
        }
        return invalid("the identity", ((Chain.Comparison.Refused) comparison).why());
    }

    private Judgement binding(Chain chain, Jws bindingJws, Status status, Jws statusJws) {
        Verdict<SignedBinding> verified = SignedBinding.verify(bindingJws, chain.identity());
        if (!(verified instanceof Verdict.Valid<SignedBinding> valid)) {
            return invalid("the binding", verified);
        }
        SignedBinding binding = valid.value();
        if (!binding.binding().handle().equals(handle)) {
            return invalid("the binding", Reason.WRONG_HANDLE);
        }
        if (binding.binding().state() == Binding.State.RELEASED) {
            return new Judgement.Invalid("the answer shows a handle that was released");
        }
        boolean same = status.id().equals(chain.identity().id()) && status.seq() == binding.binding().seq()
                && status.opId().equals(binding.opId()) && status.head().equals(chain.head());
        ResolvedHandle.Freshness freshness = freshness(chain, binding, status);
        if (!same || !says(status.state(), binding, freshness)) {
            return new Judgement.Invalid("the status says another thing than the records beside it");
        }
        ResolvedHandle resolved = new ResolvedHandle(chain, binding, nameserver, statusJws, freshness);
        Optional<Alarm> alarm = pin.flatMap(known -> known.contradictedBy(resolved));
        return alarm.isPresent() ? new Judgement.Raised(alarm.get()) : new Judgement.Good(resolved);
    }

    private Optional<Evidence> lie(Pin known, Jws statusJws) {
        return contradiction(known, nameserver, statusJws);
    }

    /** Returns what we make of the records ourselves; that it lapsed, the server may see before us. */
    private ResolvedHandle.Freshness freshness(Chain chain, SignedBinding binding, Status status) {
        return switch (binding.standing(chain.identity())) {
            case IDENTITY_DEACTIVATED -> ResolvedHandle.Freshness.IDENTITY_DEACTIVATED;
            case EPOCH_OVER -> ResolvedHandle.Freshness.EPOCH_OVER;
            case SIGNER_REVOKED -> ResolvedHandle.Freshness.SIGNER_REVOKED;
            case FRESH -> binding.isExpiredAt(now.getEpochSecond()) || status.state() == Status.State.LAPSED
                    ? ResolvedHandle.Freshness.LAPSED
                    : ResolvedHandle.Freshness.FRESH;
        };
    }

    /** Returns whether the word of the status can stand beside such a binding; it may have been written up to a day ago. */
    private static boolean says(Status.State said, SignedBinding binding, ResolvedHandle.Freshness freshness) {
        boolean moved = binding.binding().state() == Binding.State.MOVED;
        return switch (said) {
            case ACTIVE -> !moved
                    && (freshness == ResolvedHandle.Freshness.FRESH || freshness == ResolvedHandle.Freshness.LAPSED);
            case STALE -> !moved && freshness != ResolvedHandle.Freshness.FRESH
                    && freshness != ResolvedHandle.Freshness.LAPSED;
            case LAPSED -> true;
            case MOVED -> moved;
            case RELEASED, SUSPENDED -> false;
        };
    }

    private static Optional<Jws> envelope(JsonObject bundle, String name) {
        return bundle.get(name).flatMap(value -> Jws.of(value).toOptional());
    }

    private static Judgement invalid(String what, Verdict<?> verdict) {
        return new Judgement.Invalid(
                what + " is refused" + verdict.reason().map(reason -> ": " + reason.words()).orElse(""));
    }

    private static Judgement invalid(String what, Reason reason) {
        return invalid(what, Verdict.refused(reason));
    }
}
