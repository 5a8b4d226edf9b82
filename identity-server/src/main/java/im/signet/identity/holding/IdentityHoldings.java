package im.signet.identity.holding;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Association;
import im.signet.identity.association.Associations;
import im.signet.identity.invitation.Invitations;
import im.signet.identity.validation.Validation;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import org.springframework.stereotype.Component;

/** The addresses that are bound to a user, and what depends on their consent besides. */
@Component
final class IdentityHoldings implements Holdings {

    private static final int ID_BYTES = 16;

    private final Associations associations;
    private final Validation validation;
    private final Invitations invitations;
    private final AddressesAtRest atRest;

    IdentityHoldings(Associations associations, Validation validation, Invitations invitations,
            AddressesAtRest atRest) {
        this.associations = associations;
        this.validation = validation;
        this.invitations = invitations;
        this.atRest = atRest;
    }

    @Override
    public String service() {
        return "identity";
    }

    @Override
    public List<Holding> of(UserId user) {
        return associations.of(user).stream().map(this::shown).toList();
    }

    private Holding shown(Association association) {
        Address address = association.address();
        return new Holding(id(address), address.medium().wireName(), Redaction.of(address), validation.reaches(address),
                association.heldSince());
    }

    @Override
    public boolean send(UserId user, String id, ConfirmationLink link) {
        return associations.of(user)
                .stream()
                .map(Association::address)
                .filter(address -> id(address).equals(id))
                .findFirst()
                .map(address -> validation.sendConfirmation(user, address, link))
                .orElse(false);
    }

    /**
     * Ends proofs under way first, so that none is bound behind our back; then unbinds, one address at a time. A kill in
     * between leaves the rest for the next call.
     */
    @Override
    public void end(UserId user, Ending ending, Instant before) {
        validation.endSessions(user, before);
        for (Association association : associations.of(user)) {
            associations.removeBoundBefore(association.address(), user, before);
        }
        if (ending == Ending.ERASED) {
            invitations.forgetSentBy(user, before);
        }
    }

    /** Returns a name of the address that says nothing of it: a hash of the keyed hash. */
    private String id(Address address) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(atRest.hashesOf(address).getFirst());
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
