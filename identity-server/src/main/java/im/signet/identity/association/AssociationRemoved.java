package im.signet.identity.association;

/**
 * An address does not belong to a user any more: it was unbound, or somebody else proved to own it. Published within the
 * transaction that removes the association: a listener that fails undoes the removal. Binding an address anew to the same
 * user removes nothing.
 */
public record AssociationRemoved(Association association) {

    @Override
    public String toString() {
        return "AssociationRemoved[" + association.id() + "]";
    }
}
