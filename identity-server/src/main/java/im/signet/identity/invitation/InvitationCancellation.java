package im.signet.identity.invitation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.AssociationRemoved;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Takes back what a user was to be handed as the owner of an address, when they are not any more. */
@Component
public class InvitationCancellation {

    private final InvitationRepository repository;
    private final AddressesAtRest addresses;

    InvitationCancellation(InvitationRepository repository, AddressesAtRest addresses) {
        this.repository = repository;
        this.addresses = addresses;
    }

    /** Within the transaction that removes. */
    @EventListener
    void whenRemoved(AssociationRemoved event) {
        cancelFor(event.association().address(), event.association().user());
    }

    /** Takes back what was to be handed to this user as the owner of the address and was not delivered yet. */
    @Transactional
    public void cancelFor(Address address, UserId user) {
        repository.deleteAssigned(addresses.hashesOf(address), user.value());
    }
}
