package im.signet.names.registration;

import im.signet.names.handle.Handles;
import im.signet.names.handle.RegisteredHandle;
import im.signet.names.identity.IdentityChain;
import im.signet.names.identity.IdentityChains;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.PublicUrl;
import im.signet.names.store.Locks;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes from an identity's owner what a restored server has lost: the chain, and the newest bindings. A device that was
 * thrown out since the backup counts again in what was restored, so it takes the first device, which none but itself and a
 * recovery key throws out, or a recovery key. See {@code docs/decisions/2026-11-21-backups.md}.
 */
@Component
final class ChainShowing {

    private final Handles handles;
    private final IdentityChains chains;
    private final Challenges challenges;
    private final BindingChecks checks;
    private final PublicUrl url;
    private final TransactionTemplate together;
    private final Clock clock;

    ChainShowing(Handles handles, IdentityChains chains, Challenges challenges, BindingChecks checks, PublicUrl url,
            PlatformTransactionManager transactions, Clock clock) {
        this.handles = handles;
        this.chains = chains;
        this.challenges = challenges;
        this.checks = checks;
        this.url = url;
        this.together = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * What a client shows.
     *
     * @param identity the whole chain
     * @param bindings the newest of each handle, as far as the client knows
     * @param pop      the proof, for the newest operation, that the client holds a key that may show it
     */
    record Shown(List<Jws> identity, List<Jws> bindings, Jws pop) {

        Shown {
            identity = List.copyOf(identity);
            bindings = List.copyOf(bindings);
        }
    }

    /** Returns the chain as it is then; throws a {@link Problem} when what is shown is not what follows on the known one. */
    IdentityChain show(IdentityId id, Shown shown, UserId account, String path) {
        ProofOfPossession.Nonce nonce = Problem.orThrow(ProofOfPossession.claimedNonce(shown.pop()));
        if (!challenges.isOpen(nonce, account)) {
            throw Problem.of(ProblemCode.UNKNOWN_CHALLENGE);
        }
        Map<Handle, Jws> bindings = new HashMap<>();
        for (Jws jws : shown.bindings()) {
            bindings.put(Problem.orThrow(Binding.read(jws)).handle(), jws);
        }
        return Objects.requireNonNull(together.execute(_ -> {
            handles.lock(bindings.keySet(), Locks.Subject.chain(id));
            IdentityChain known = chains.find(id).orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND));
            IdentityChain newest = IdentityChain.merge(Optional.of(known), shown.identity());
            if (shown.identity().isEmpty() || !shown.identity().getLast().opId().equals(newest.identity().head())) {
                throw known.longer();
            }
            JwsKey shower = checkProof(shown.pop(), new ProofOfPossession.Request(url.base(), nonce,
                    newest.identity().head(), ProofOfPossession.Method.POST, url.of(path)), newest.identity());
            boolean byRecoveryKey = newest.identity().recovery().contains(shower);
            if (!challenges.use(nonce, account)) {
                throw Problem.of(ProblemCode.UNKNOWN_CHALLENGE);
            }
            if (!chains.isRestored(id)) {
                // Another device was first, or nothing was lost: what is new goes the usual way.
                return known;
            }
            chains.save(newest);
            bindings.forEach((handle, jws) -> bring(handle, jws, newest.identity(), byRecoveryKey, account));
            chains.settle(id);
            return newest;
        }));
    }

    /** Returns the key that the proof is of. */
    private JwsKey checkProof(Jws pop, ProofOfPossession.Request expected, Identity identity) {
        List<JwsKey> may = new ArrayList<>(identity.recovery());
        may.addAll(identity.devices().stream().limit(1).toList());
        Verdict<ProofOfPossession> last = Verdict.refused(Reason.UNKNOWN_SIGNER);
        for (JwsKey key : may) {
            last = ProofOfPossession.verify(pop, key, expected);
            if (last.isValid()) {
                if (!checks.isAboutNow(last.orElseThrow().iat())) {
                    throw Problem.of(ProblemCode.PROOF_TIME);
                }
                return key;
            }
        }
        if (identity.devices()
                .stream()
                .skip(1)
                .anyMatch(key -> ProofOfPossession.verify(pop, key, expected).isValid())) {
            throw Problem.of(ProblemCode.NOT_SENIOR);
        }
        throw Problem.of(last.reason().orElse(Reason.UNKNOWN_SIGNER));
    }

    /** Puts a binding in the place of the restored one; those in between are lost to everybody. */
    private void bring(Handle handle, Jws jws, Identity identity, boolean byRecoveryKey, UserId account) {
        Instant now = clock.instant();
        Optional<RegisteredHandle> found = handles.findSettled(handle, now)
                .filter(current -> current.id().equals(identity.id()));
        if (found.isEmpty()) {
            return; // given up since, or not registered yet when the backup was made: it is to be registered anew
        }
        RegisteredHandle current = found.get();
        SignedBinding signed = Problem.orThrow(SignedBinding.verify(jws, identity));
        Binding binding = signed.binding();
        if (binding.seq() < current.seq() || current.opId().equals(jws.opId())) {
            return;
        }
        if (binding.seq() == current.seq()) {
            throw Problem.of(ProblemCode.STALE)
                    .with(JsonObject.builder()
                            .put("seq", current.seq())
                            .put("head", current.opId().value())
                            .build());
        }
        SignedBinding before = SignedBinding.verify(current.jws(), identity).orElseThrow();
        checkFollows(signed, before, identity, byRecoveryKey);
        checks.checkSignedAt(binding);
        checks.checkReach(binding, account, before.binding().reach());
        if (binding.state() == Binding.State.RELEASED) {
            handles.release(current, signed, now);
        } else {
            handles.replace(signed, false, now);
        }
    }

    private static void checkFollows(SignedBinding signed, SignedBinding before, Identity identity,
            boolean byRecoveryKey) {
        Binding binding = signed.binding();
        Binding last = before.binding();
        if (binding.seq() == last.seq() + 1) {
            signed.follows(before).ifPresent(reason -> {
                throw Problem.of(reason);
            });
            return;
        }
        // Whatever came in between.
        if (binding.hs() < last.hs()) {
            throw Problem.of(Reason.HEAD_WENT_BACK);
        }
        // What a recovery key took back may have been renewed by a device since; but a thief of a device could say so.
        boolean takesBack = binding.state() == Binding.State.ACTIVE && last.state() != Binding.State.ACTIVE;
        if (takesBack && !byRecoveryKey
                && !identity.at(binding.hs()).orElseThrow().recovery().contains(signed.signer())) {
            throw Problem.of(Reason.NEEDS_RECOVERY_KEY);
        }
    }
}
