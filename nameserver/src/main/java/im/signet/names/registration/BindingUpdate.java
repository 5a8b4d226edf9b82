package im.signet.names.registration;

import im.signet.kit.limit.Limits;
import im.signet.kit.token.Caller;
import im.signet.names.handle.Handles;
import im.signet.names.handle.Quarantined;
import im.signet.names.handle.RegisteredHandle;
import im.signet.names.identity.IdentityChains;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.NamesLimits;
import im.signet.names.setting.NamesProperties;
import im.signet.names.store.Locks;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Renews, moves and releases handles. */
@Component
final class BindingUpdate {

    private final Handles handles;
    private final IdentityChains chains;
    private final BindingChecks checks;
    private final Limits limits;
    private final NamesLimits rates;
    private final NamesProperties names;
    private final TransactionTemplate together;
    private final Clock clock;

    BindingUpdate(Handles handles, IdentityChains chains, BindingChecks checks,
            @Qualifier("namesLimits") Limits limits, NamesLimits rates, NamesProperties names,
            PlatformTransactionManager transactions, Clock clock) {
        this.handles = handles;
        this.chains = chains;
        this.checks = checks;
        this.limits = limits;
        this.rates = rates;
        this.names = names;
        this.together = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** What came of it. */
    sealed interface Outcome {

        /** Returns whether it changed anything. */
        boolean added();

        /** The handle has this binding; {@code added}, whether it had not before. */
        record Kept(boolean added) implements Outcome {}

        /** The handle was given up by this binding at that time; {@code added}, whether it was not before. */
        record Released(Binding release, Instant at, boolean added) implements Outcome {}
    }

    /** Puts a binding in the place of the one before; throws a {@link Problem} when it cannot be. */
    Outcome put(Handle handle, long seq, Jws jws, Caller caller) {
        Binding binding = Problem.orThrow(Binding.read(jws));
        if (!binding.handle().equals(handle)) {
            throw Problem.of(Reason.WRONG_HANDLE);
        }
        if (binding.seq() != seq) {
            throw Problem.of(Reason.WRONG_SEQ);
        }
        if (!names.serves(handle.domain())) {
            throw Problem.of(ProblemCode.NOT_FOUND);
        }
        return Objects.requireNonNull(together.execute(_ -> {
            handles.lock(handle, Locks.Subject.chain(binding.id()));
            Instant now = clock.instant();
            Optional<RegisteredHandle> found = handles.findSettled(handle, now);
            return found.isPresent()
                    ? follow(found.get(), binding, jws, caller, now)
                    : repeatedRelease(binding, jws, now);
        }));
    }

    private Outcome follow(RegisteredHandle current, Binding binding, Jws jws, Caller caller, Instant now) {
        if (!current.id().equals(binding.id())) {
            throw Problem.of(Reason.WRONG_ID);
        }
        if (current.opId().equals(jws.opId())) {
            return new Outcome.Kept(false);
        }
        if (chains.isRestored(current.id())) {
            throw chains.find(current.id()).orElseThrow().restored();
        }
        if (binding.seq() != current.seq() + 1) {
            throw Problem.of(ProblemCode.STALE)
                    .with(JsonObject.builder()
                            .put("seq", current.seq())
                            .put("head", current.opId().value())
                            .build());
        }
        boolean release = binding.state() == Binding.State.RELEASED;
        if (current.suspended() && !release) {
            throw Problem.of(ProblemCode.HANDLE_SUSPENDED).with("reason", new JsonString("operator"));
        }
        boolean agreed = binding.state() == Binding.State.ACTIVE && handles.isOf(caller.user(), binding.handle());
        if (current.withdrawn() && !release && !agreed) {
            throw Problem.of(ProblemCode.HANDLE_SUSPENDED).with("reason", new JsonString("withdrawn"));
        }
        if (caller.termsOutstanding() && binding.state() == Binding.State.ACTIVE) {
            throw Problem.of(ProblemCode.TERMS_NOT_SIGNED);
        }
        Identity identity = chains.find(current.id()).orElseThrow().identity();
        SignedBinding before = SignedBinding.verify(current.jws(), identity).orElseThrow();
        SignedBinding signed = checks.check(jws, identity, caller.user(), before.binding().reach());
        signed.follows(before).ifPresent(reason -> {
            throw Problem.of(reason);
        });
        limits.take(rates.operationsPerKey().by(signed.signer().thumbprint().value()));
        if (release) {
            handles.release(current, signed, now);
            return new Outcome.Released(binding, now, true);
        }
        handles.replace(signed, agreed, now);
        return new Outcome.Kept(true);
    }

    /** A release whose answer was lost finds nothing but hashes, and is known by them. */
    private Outcome repeatedRelease(Binding binding, Jws jws, Instant now) {
        Quarantined quarantined = handles.findQuarantined(binding.handle(), now)
                .orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND));
        if (binding.state() == Binding.State.RELEASED
                && quarantined.endedWith(binding.id(), binding.seq(), jws.opId())) {
            return new Outcome.Released(binding, quarantined.beganAt(), false);
        }
        throw Problem.of(ProblemCode.HANDLE_GONE);
    }
}
