package im.signet.identity.association;

/**
 * An address was unbound from a user. Published within the transaction that unbinds it: a listener that fails undoes the
 * unbinding.
 */
public record AssociationRemoved(Association association) {

    @Override
    public String toString() {
        return "AssociationRemoved[" + association.id() + "]";
    }
}
