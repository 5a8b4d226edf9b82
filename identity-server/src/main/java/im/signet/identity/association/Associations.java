package im.signet.identity.association;

import im.signet.identity.address.AddressesAtRest;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Knows which address belongs to which user. */
@Service
public class Associations {

    private final AssociationRepository repository;
    private final AddressesAtRest atRest;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Associations(AssociationRepository repository, AddressesAtRest atRest, ApplicationEventPublisher events,
            Clock clock) {
        this.repository = repository;
        this.atRest = atRest;
        this.events = events;
        this.clock = clock;
    }

    /** Returns the association of an address; empty when it is bound to nobody. */
    public Optional<Association> current(Address address) {
        return repository.findByAddress(atRest.hashesOf(address)).map(this::read);
    }

    /**
     * Binds an address to a user, instead of whomever it was bound to: addresses change hands, and the newest proof of one
     * wins. Binding the same address to the same user again replaces the association.
     *
     * @param provenAt  when this user proved to own the address
     * @param spellings every spelling of the address that clients are known to hash
     * @param discoverable whether lookups may answer with it
     * @return the new association; empty when somebody else proved to own the address later than that
     */
    @Transactional
    public Optional<Association> bind(Address address, UserId user, Instant provenAt, Set<String> spellings,
            boolean discoverable) {
        AddressesAtRest.Columns columns = atRest.store(address);
        repository.lock(ByteBuffer.wrap(atRest.hashesOf(address).getFirst()).getLong());
        Optional<Association> former = current(address);
        if (former.isPresent() && former.get().provenAt().isAfter(provenAt) && !former.get().user().equals(user)) {
            return Optional.empty();
        }
        former.ifPresent(association -> repository.deleteById(association.id()));
        // The same user may bind with an older proof than their newest, which still counts against everybody else's.
        Instant newestProof = former.map(Association::provenAt).filter(provenAt::isBefore).orElse(provenAt);
        Association bound = read(repository.save(new AssociationRow(null, columns.sealed(), columns.hash(),
                columns.key(), user.value(), newestProof, clock.instant().truncatedTo(ChronoUnit.MILLIS),
                discoverable)));
        events.publishEvent(new AssociationBound(bound, spellings));
        return Optional.of(bound);
    }

    private Association read(AssociationRow row) {
        Long id = row.id();
        if (id == null) {
            throw new IllegalStateException("an association without an id");
        }
        return new Association(id, atRest.open(row.addressSealed()), UserId.of(row.userId()), row.provenAt(),
                row.boundAt(), row.discoverable());
    }
}
