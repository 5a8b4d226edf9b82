package im.signet.identity.association;

import java.util.Set;

/**
 * An address was bound to a user. Published within the transaction that binds it: a listener that fails undoes the binding.
 *
 * @param spellings every spelling of the address that clients are known to hash; the canonical one is among them
 */
public record AssociationBound(Association association, Set<String> spellings) {

    @Override
    public String toString() {
        return "AssociationBound[" + association.id() + "]";
    }
}
