package im.signet.identity.association;

import java.util.Optional;
import java.util.Set;

/**
 * An address was bound to a user. Published within the transaction that binds it: a listener that fails undoes the binding.
 *
 * @param spellings every spelling of the address that clients are known to hash; the canonical one is among them
 */
public record AssociationBound(Association association, Set<String> spellings) {

    /** Returns what lookups may answer of it; empty when the owner does not want to be found. */
    public Optional<Findable> findable() {
        return association.discoverable()
                ? Optional.of(new Findable(association.id(), association.user(), association.address().medium(),
                        spellings))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "AssociationBound[" + association.id() + "]";
    }
}
