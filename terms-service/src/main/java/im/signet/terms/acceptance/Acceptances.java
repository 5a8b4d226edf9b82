package im.signet.terms.acceptance;

import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.metric.Tally;
import im.signet.kit.token.Caller;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.UserId;
import im.signet.terms.account.Accounts;
import im.signet.terms.policy.Policies;
import im.signet.terms.policy.Policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Remembers who accepted what. */
@Service
public class Acceptances {

    private static final Tally.Total ACCEPTED = Tally.of("signet.terms.acceptances",
            "Versions of policies that were accepted, each counted once a user");

    private final AcceptanceRepository repository;
    private final Policies policies;
    private final Receipts receipts;
    private final Accounts accounts;
    private final RevocationJournal journal;
    private final Clock clock;

    Acceptances(AcceptanceRepository repository, Policies policies, Receipts receipts, Accounts accounts,
            @Qualifier("termsJournal") RevocationJournal journal, Clock clock) {
        this.repository = repository;
        this.policies = policies;
        this.receipts = receipts;
        this.accounts = accounts;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * Returns the policies in force that this service requires and the user has not accepted in their present version, in
     * whatever language; empty when nothing stands between the user and the service. Of a version that is announced but not
     * required yet, any other will do.
     */
    public List<Policy> outstandingFor(UserId user, String service) {
        List<Policy> required = policies.inForce().stream().filter(policy -> policy.isRequiredBy(service)).toList();
        if (required.isEmpty()) {
            return List.of();
        }
        List<Acceptance> accepted = repository.findCurrentByUser(user.value());
        Instant now = clock.instant();
        return required.stream()
                .filter(policy -> accepted.stream()
                        .noneMatch(
                                acceptance -> acceptance.policy().equals(policy.id())
                                        && (acceptance.version().equals(policy.version())
                                                || !policy.isRequiredAt(now))))
                .toList();
    }

    /**
     * Adds the user's agreement to the documents with these URLs. One that belongs to no policy in force is passed over:
     * clients send what they know, which may be of an older version. One that was given before stays as it was: clients
     * send all they ever agreed to each time. Each new one is signed for the user.
     */
    @Transactional
    void accept(UserId user, Collection<String> urls) {
        Instant now = clock.instant();
        // In the same order for everybody: two requests of one user would otherwise wait for each other's rows.
        for (Policies.Named document : policies.withUrls(urls)) {
            repository.addIfNew(user.value(), document.policy().id(), document.policy().version(), document.language(),
                    document.url(), now).ifPresent(added -> {
                        receipts.of(List.of(added));
                        ACCEPTED.add(1);
                    });
        }
    }

    /**
     * As {@link #accept(UserId, Collection)}, for whom holds a token. Throws M_UNAUTHORIZED when it has ended meanwhile: what
     * was under way while the user ended everything would else outlive it.
     */
    @Transactional
    void accept(Caller caller, Collection<String> urls) {
        lock(caller.user());
        if (accounts.holderOf(caller.token()).isEmpty()) {
            throw ErrorCode.M_UNAUTHORIZED.because("that token has ended");
        }
        accept(caller.user(), urls);
    }

    /** Returns the receipts of all that the user ever accepted, the oldest first. */
    @Transactional
    public List<Receipt> receiptsOf(UserId user) {
        return receipts.of(repository.findByUser(user.value()));
    }

    /** Keeps everybody else from accepting for this user, and from ending it, until the running transaction ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock(UserId user) {
        repository.lock(user.value());
    }

    /** Takes all back that the user agreed to; it stays on record. Returns the id of the withdrawal, which counts up. */
    @Transactional(propagation = Propagation.MANDATORY)
    public long withdraw(UserId user) {
        lock(user);
        long withdrawal = repository.addWithdrawal(user.value(), clock.instant());
        repository.withdraw(user.value(), withdrawal);
        keepFromComingBack(RestoredConsent.WITHDRAWN, user);
        return withdrawal;
    }

    /** Deletes all that the user ever agreed to or withdrew, and the receipts. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void forget(UserId user) {
        lock(user);
        repository.deleteByUser(user.value());
        repository.deleteWithdrawals(user.value());
        keepFromComingBack(RestoredConsent.ERASED, user);
    }

    private void keepFromComingBack(String kind, UserId user) {
        journal.add(kind, List.of(journal.hashed(RestoredConsent.USER, user.value())));
    }

    /**
     * Returns when the user came back after a withdrawal: when they accepted anything for the first time since.
     *
     * @param withdrawal its id; 0 for one that is not on record as the user was erased
     */
    public Optional<Instant> returnAfter(UserId user, long withdrawal) {
        return repository.findFirstSince(user.value(), withdrawal).stream().findFirst();
    }
}
