package im.signet.identity.association;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.metric.Tally;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Knows which address belongs to which user. */
@Service
public class Associations {

    private static final Tally.ByBoth<Medium, Change> BINDINGS = Tally.by("signet.bindings",
            "Addresses that were bound to a user, and unbound", "medium", Medium.class, "change", Change.class);

    // In no address.
    private static final String BETWEEN_SPELLINGS = "\0";

    private final AssociationRepository repository;
    private final AddressesAtRest atRest;
    private final RevocationJournal journal;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Associations(AssociationRepository repository, AddressesAtRest atRest,
            @Qualifier("identityJournal") RevocationJournal journal, ApplicationEventPublisher events, Clock clock) {
        this.repository = repository;
        this.atRest = atRest;
        this.journal = journal;
        this.events = events;
        this.clock = clock;
    }

    /** What became of an address. */
    private enum Change {
        /** It was bound, to whomever. */
        BOUND,
        /** It was bound to another user, who has it no longer. */
        TAKEN_OVER,
        /** It was unbound. */
        UNBOUND
    }

    /** Returns the association of an address; empty when it is bound to nobody. */
    public Optional<Association> current(Address address) {
        return repository.findByAddress(atRest.hashesOf(address)).map(this::read);
    }

    /** Returns what is bound to a user, the oldest binding first. */
    public List<Association> of(UserId user) {
        return repository.findByUser(user.value()).stream().map(this::read).toList();
    }

    /**
     * Returns the association of an address, and keeps others from binding or removing it until the running transaction
     * ends; empty when it is bound to nobody.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Association> currentLocked(Address address) {
        lock(address);
        return current(address);
    }

    /**
     * Binds an address to a user, instead of whomever it was bound to: addresses change hands, and the newest proof of one
     * wins. Binding the same address to the same user again replaces the association.
     *
     * @param provenAt  when this user proved to own the address
     * @param spellings every spelling of the address that clients are known to hash
     * @param discoverable whether lookups may answer with it
     * @return the new association; empty when somebody else proved to own the address later than that, or it was unbound on
     *         a later proof
     */
    @Transactional
    public Optional<Association> bind(Address address, UserId user, Instant provenAt, Set<String> spellings,
            boolean discoverable) {
        AddressesAtRest.Columns columns = atRest.store(address);
        lock(address);
        Optional<Association> former = current(address);
        boolean ofThisUser = former.isPresent() && former.get().user().equals(user);
        Instant lastProof = former.map(Association::provenAt).or(() -> lastProofOfUnbound(address)).orElse(provenAt);
        if (lastProof.isAfter(provenAt) && !ofThisUser) {
            return Optional.empty();
        }
        former.ifPresent(association -> repository.deleteById(association.id()));
        // Of a user who has it bound anew, it may come back from a backup for as long as that is bound, unless it is not to be
        // found any more.
        former.filter(association -> !ofThisUser || (association.discoverable() && !discoverable))
                .ifPresent(this::keepFromComingBack);
        former.filter(association -> !association.user().equals(user))
                .ifPresent(association -> {
                    BINDINGS.add(address.medium(), Change.TAKEN_OVER);
                    events.publishEvent(new AssociationRemoved(association));
                });
        repository.deleteUnbound(atRest.hashesOf(address));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // Not before the one that it replaces, also by a clock that is behind: what ends this one ends those before it.
        Instant boundAt = former.filter(_ -> ofThisUser)
                .map(Association::boundAt)
                .map(at -> later(at, now))
                .orElse(now);
        Instant heldSince = former.filter(_ -> ofThisUser).map(Association::heldSince).orElse(now);
        Association bound = read(repository.save(new AssociationRow(null, columns.sealed(), columns.hash(),
                columns.key(), user.value(), later(lastProof, provenAt), boundAt, heldSince, discoverable,
                sealed(spellings, address))));
        events.publishEvent(new AssociationBound(bound, spellings));
        BINDINGS.add(address.medium(), Change.BOUND);
        return Optional.of(bound);
    }

    /**
     * Unbinds an address from a user.
     *
     * @return what the association was; empty when the address is not bound to that user, and nothing changed
     */
    @Transactional
    public Optional<Association> remove(Address address, UserId user) {
        lock(address);
        return current(address).filter(association -> association.user().equals(user))
                .map(association -> unbind(association, association.provenAt()));
    }

    /**
     * Unbinds an address from a user on the word of somebody who has proven to own the address: who has it now decides, as
     * addresses change hands.
     *
     * @param user     whom it is to be unbound from; when it is bound to another, nothing changes
     * @param prover   who has proven to own the address
     * @param provenAt when that was
     */
    @Transactional
    public Removal remove(Address address, UserId user, UserId prover, Instant provenAt) {
        lock(address);
        Optional<Association> current = current(address);
        if (current.isEmpty()) {
            // Whoever proved the address earlier than this, and has not bound it yet, shall not bind it any more.
            rememberProof(address, provenAt);
            return new Removal.NotBound();
        }
        Association association = current.get();
        if (association.provenAt().isAfter(provenAt) && !association.user().equals(prover)) {
            return new Removal.ProvenSinceBySomebodyElse();
        }
        return association.user().equals(user)
                ? new Removal.Removed(unbind(association, later(association.provenAt(), provenAt)))
                : new Removal.NotBound();
    }

    /**
     * Unbinds an address from a user whose latest proof of it is worth nothing. Whoever had the address before has to prove
     * it anew.
     *
     * @param provenAt when that proof was given; when the user has given another since, nothing changes
     * @return what the association was; empty when nothing changed
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Association> removeProvenAt(Address address, UserId user, Instant provenAt) {
        lock(address);
        return current(address)
                .filter(association -> association.user().equals(user) && association.provenAt().equals(provenAt))
                .map(association -> unbind(association, provenAt));
    }

    /**
     * Unbinds an address from a user who ended their consent. What was bound at that instant or later stays.
     *
     * @return what the association was; empty when nothing changed
     */
    @Transactional
    public Optional<Association> removeBoundBefore(Address address, UserId user, Instant instant) {
        lock(address);
        return current(address)
                .filter(association -> association.user().equals(user) && association.boundAt().isBefore(instant))
                .map(association -> unbind(association, association.provenAt()));
    }

    /** What came of unbinding on a proof. */
    public sealed interface Removal {

        /** It was bound to that user and is not any more. */
        record Removed(Association association) implements Removal {}

        /** It was not bound to that user. */
        record NotBound() implements Removal {}

        /** A newer proof of the address, by another user, stands. */
        record ProvenSinceBySomebodyElse() implements Removal {}
    }

    /** Forgets when unbound addresses were last proven, where that was before: no older proof can be used any more. */
    @Transactional
    public void forgetProofsBefore(Instant oldestUsable) {
        repository.deleteUnboundProvenBefore(oldestUsable);
    }

    private Association unbind(Association association, Instant lastProof) {
        repository.deleteById(association.id());
        keepFromComingBack(association);
        rememberProof(association.address(), lastProof);
        events.publishEvent(new AssociationRemoved(association));
        BINDINGS.add(association.address().medium(), Change.UNBOUND);
        return association;
    }

    // Under each key of the hash, as a row in a backup may be older than the newest.
    private void keepFromComingBack(Association association) {
        Stream<String> names = atRest.hashesOf(association.address())
                .stream()
                .map(hash -> journal.hashed(RestoredAssociations.UNBOUND,
                        RestoredAssociations.nameOf(hash, association.user().value())));
        journal.add(RestoredAssociations.UNBOUND,
                Stream.concat(Stream.of(Revocation.part(association.boundAt())), names).toList());
    }

    private void rememberProof(Address address, Instant provenAt) {
        repository.saveUnbound(atRest.store(address).hash(), provenAt);
    }

    private Optional<Instant> lastProofOfUnbound(Address address) {
        return repository.findProofsOfUnbound(atRest.hashesOf(address)).stream().max(Comparator.naturalOrder());
    }

    // Under each key that is known, and in one order: whoever changes what this address is bound to shares one of them, also
    // while some servers have come to know a new key and others have not yet.
    private void lock(Address address) {
        atRest.hashesOf(address)
                .stream()
                .mapToLong(hash -> ByteBuffer.wrap(hash).getLong())
                .sorted()
                .forEach(repository::lock);
    }

    /**
     * Returns the next of those associations that lookups may answer with, in the order of their ids. They stay as they are
     * until the transaction ends, which must run already: whoever removes one meanwhile waits.
     *
     * @param associationId where the last ones ended, or 0
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Findable> lockFindableAfter(long associationId, int atMost) {
        return repository.lockDiscoverableAfter(associationId, atMost).stream().map(row -> {
            Association association = read(row);
            return new Findable(association.id(), association.user(), association.address().medium(),
                    spellings(row, association.address()));
        }).toList();
    }

    private byte @Nullable [] sealed(Set<String> spellings, Address address) {
        List<String> others = spellings.stream()
                .filter(spelling -> !spelling.equals(address.value()))
                .sorted()
                .toList();
        return others.isEmpty() ? null : atRest.sealSpelling(String.join(BETWEEN_SPELLINGS, others));
    }

    private Set<String> spellings(AssociationRow row, Address address) {
        Set<String> spellings = new HashSet<>(Set.of(address.value()));
        byte[] others = row.spellingsSealed();
        if (others != null) {
            spellings.addAll(List.of(atRest.openSpelling(others).split(BETWEEN_SPELLINGS, -1)));
        }
        return Set.copyOf(spellings);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Association read(AssociationRow row) {
        Long id = row.id();
        if (id == null) {
            throw new IllegalStateException("an association without an id");
        }
        return new Association(id, atRest.open(row.addressSealed()), UserId.of(row.userId()), row.provenAt(),
                row.boundAt(), Objects.requireNonNullElse(row.heldSince(), row.boundAt()), row.discoverable());
    }
}
