package im.signet.names.registration;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Limits;
import im.signet.names.handle.Handles;
import im.signet.names.handle.Quarantined;
import im.signet.names.handle.RegisteredHandle;
import im.signet.names.identity.IdentityChain;
import im.signet.names.identity.IdentityChains;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.NamesLimits;
import im.signet.names.setting.NamesProperties;
import im.signet.names.setting.PublicUrl;
import im.signet.names.store.Locks;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.UserId;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives handles away. What can be refused without waiting for anybody is refused first; then one transaction decides among
 * all that come at once, on whatever server.
 */
@Component
final class HandleRegistration {

    private final Handles handles;
    private final IdentityChains chains;
    private final Challenges challenges;
    private final RegistrationPolicy policy;
    private final BindingChecks checks;
    private final Limits limits;
    private final NamesLimits rates;
    private final NamesProperties names;
    private final PublicUrl url;
    private final TransactionTemplate together;
    private final Clock clock;

    HandleRegistration(Handles handles, IdentityChains chains, Challenges challenges, RegistrationPolicy policy,
            BindingChecks checks, @Qualifier("namesLimits") Limits limits, NamesLimits rates,
            NamesProperties names, PublicUrl url, PlatformTransactionManager transactions, Clock clock) {
        this.handles = handles;
        this.chains = chains;
        this.challenges = challenges;
        this.policy = policy;
        this.checks = checks;
        this.limits = limits;
        this.rates = rates;
        this.names = names;
        this.url = url;
        this.together = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * What a client asks for.
     *
     * @param identity the chain, or what it has more than the one that is known
     * @param binding  the binding
     * @param pop      the proof that the client holds the key that signed it, now
     * @param invite   a code
     */
    record Request(List<Jws> identity, Jws binding, Jws pop, Optional<String> invite) {

        /** Hides the code. */
        @Override
        public String toString() {
            return "Request[hidden]";
        }
    }

    /** Registers a handle; returns whether it was not registered so before. Throws a {@link Problem} when it cannot be. */
    boolean register(Request request, UserId account) {
        Binding binding = Problem.orThrow(Binding.read(request.binding()));
        Handle handle = binding.handle();
        if (!names.serves(handle.domain())) {
            throw Problem.of(ProblemCode.NOT_FOUND);
        }
        if (isStored(handles.find(handle), request)) {
            return false;
        }
        try {
            return registerNew(request, binding, account);
        } catch (Problem refusal) {
            // The same request, sent twice at once: the other one has used up what this one lacks.
            if (isStored(handles.find(handle), request)) {
                return false;
            }
            throw refusal;
        }
    }

    private boolean registerNew(Request request, Binding binding, UserId account) {
        Handle handle = binding.handle();
        ProofOfPossession.Nonce nonce = Problem.orThrow(ProofOfPossession.claimedNonce(request.pop()));
        if (!challenges.isOpen(nonce, account)) {
            throw Problem.of(ProblemCode.UNKNOWN_CHALLENGE);
        }
        IdentityId id = binding.id();
        Optional<IdentityChain> known = chains.find(id);
        IdentityChain chain = IdentityChain.merge(known, request.identity());
        SignedBinding signed = checks.check(request.binding(), chain.identity(), account, Optional.empty());
        if (binding.state() != Binding.State.ACTIVE) {
            throw Problem.of(Reason.FIRST_NOT_ACTIVE);
        }
        ProofOfPossession proof = Problem.orThrow(ProofOfPossession.verify(request.pop(), signed.signer(),
                new ProofOfPossession.Request(url.base(), nonce, signed.opId(), ProofOfPossession.Method.POST,
                        url.of(RegistrationController.BINDINGS))));
        if (!checks.isAboutNow(proof.iat())) {
            throw Problem.of(ProblemCode.PROOF_TIME);
        }
        policy.check(handle, account, request.invite());
        return Boolean.TRUE.equals(together.execute(_ -> {
            handles.lock(handle, Locks.Subject.chain(id), Locks.Subject.account(account.value()));
            Instant now = clock.instant();
            Optional<RegisteredHandle> taken = handles.findSettled(handle, now);
            if (isStored(taken, request)) {
                return false;
            }
            if (!challenges.use(nonce, account)) {
                throw Problem.of(ProblemCode.UNKNOWN_CHALLENGE);
            }
            // As it is now: it may have grown, or be forgotten, since it was looked at.
            Optional<IdentityChain> current = chains.find(id);
            if (current.isPresent() && chains.isRestored(id)) {
                throw current.get().restored();
            }
            if (taken.isPresent()) {
                throw Problem.of(ProblemCode.HANDLE_TAKEN);
            }
            boolean unchanged = current.map(IdentityChain::identity).equals(known.map(IdentityChain::identity));
            // Of a chain that was forgotten meanwhile, the client may have sent the end only; we have seen all of it.
            List<Jws> shown = current.isEmpty() ? chain.operations() : request.identity();
            IdentityChain newest = unchanged ? chain : IdentityChain.merge(current, shown);
            SignedBinding fresh = unchanged
                    ? signed
                    : checks.check(request.binding(), newest.identity(), account, Optional.empty());
            boolean reclaimed = checkSequence(fresh, newest, now);
            if (handles.isConfusable(handle, now)) {
                throw Problem.of(ProblemCode.HANDLE_CONFUSABLE);
            }
            if (handles.countOf(account, handle, now) >= names.maxHandles()) {
                throw Problem.of(ProblemCode.TOO_MANY_HANDLES);
            }
            policy.use(request.invite());
            limits.take(signersOf(fresh, current, newest));
            chains.save(newest);
            handles.add(fresh, account, reclaimed, now);
            return true;
        }));
    }

    private static boolean isStored(Optional<RegisteredHandle> handle, Request request) {
        return handle.filter(stored -> stored.opId().equals(request.binding().opId())).isPresent();
    }

    /** Returns whether the handle was the identity's before; throws when the binding does not follow on what was. */
    private boolean checkSequence(SignedBinding signed, IdentityChain chain, Instant now) {
        Binding binding = signed.binding();
        Optional<Quarantined> quarantined = handles.findQuarantined(binding.handle(), now);
        if (quarantined.isEmpty()) {
            return false; // whoever had it long ago goes on with a sequence that is known to nobody here
        }
        Quarantined before = quarantined.get();
        if (!before.isOf(binding.id())) {
            throw Problem.of(ProblemCode.HANDLE_GONE);
        }
        if (!before.isFollowedBy(binding)) {
            throw Problem.of(Reason.WRONG_PREV);
        }
        if (!before.isWithin(binding.id(), chain.operations())) {
            throw Problem.of(ProblemCode.CHAIN_TOO_SHORT);
        }
        boolean byRecoveryKey = chain.identity().recovery().contains(signed.signer());
        if (before.wasActive() && byRecoveryKey) {
            throw Problem.of(Reason.NEEDS_DEVICE);
        }
        // A thief of a device must not take back what its owner has moved or given up.
        if (!before.wasActive() && !byRecoveryKey) {
            throw Problem.of(Reason.NEEDS_RECOVERY_KEY);
        }
        return true;
    }

    /** Returns whom the records count for: the signer of the binding, and those who went on with a chain that was known. */
    private Limit.Claim[] signersOf(SignedBinding signed, Optional<IdentityChain> known, IdentityChain chain) {
        List<Limit.Claim> claims = new ArrayList<>();
        claims.add(rates.operationsPerKey().by(signed.signer().thumbprint().value()));
        int first = known.map(before -> before.operations().size()).orElse(chain.operations().size());
        for (int seq = first; seq < chain.operations().size(); seq++) {
            claims.add(rates.operationsPerKey().by(chain.authorityOf(seq)));
        }
        return claims.toArray(Limit.Claim[]::new);
    }
}
