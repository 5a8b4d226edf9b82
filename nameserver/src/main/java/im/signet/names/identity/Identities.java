package im.signet.names.identity;

import im.signet.kit.limit.Limits;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.NamesLimits;
import im.signet.names.store.Locks;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.Reason;

import java.util.Objects;
import java.util.Optional;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Identities, which grow by the operations that their own keys sign. */
@Component
final class Identities {

    private final IdentityChains chains;
    private final Locks locks;
    private final Limits limits;
    private final NamesLimits rates;
    private final TransactionTemplate together;

    Identities(IdentityChains chains, Locks locks, @Qualifier("namesLimits") Limits limits, NamesLimits rates,
            PlatformTransactionManager transactions) {
        this.chains = chains;
        this.locks = locks;
        this.limits = limits;
        this.rates = rates;
        this.together = new TransactionTemplate(transactions);
    }

    /** What came of an operation: the chain with it, and whether it is new in it. */
    record Outcome(IdentityChain chain, boolean added) {}

    Optional<IdentityChain> find(IdentityId id) {
        return chains.find(id);
    }

    boolean isRestored(IdentityId id) {
        return chains.isRestored(id);
    }

    /** Adds an operation, or finds that it was added; throws a {@link Problem} when it cannot be. */
    Outcome append(IdentityId id, long seq, Jws jws) {
        Operation operation = Problem.orThrow(Operation.read(jws));
        if (operation.seq() != seq) {
            throw Problem.of(Reason.WRONG_SEQ);
        }
        return Objects.requireNonNull(together.execute(_ -> {
            locks.take(Locks.Subject.chain(id));
            IdentityChain known = chains.find(id).orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND));
            if (seq <= known.identity().seq()) {
                if (known.operations().get((int) seq).opId().equals(jws.opId())) {
                    return new Outcome(known, false);
                }
                throw known.stale();
            }
            if (chains.isRestored(id)) {
                throw known.restored();
            }
            if (seq > known.identity().seq() + 1) {
                throw known.stale();
            }
            IdentityChain longer = known.then(jws);
            // Not before it is verified: else anybody could use up what a key may sign.
            limits.take(rates.operationsPerKey().by(longer.authorityOf(seq)));
            chains.save(longer);
            return new Outcome(longer, true);
        }));
    }
}
