package im.signet.identity.association;

import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.Set;

/**
 * What lookups may answer of an association.
 *
 * @param associationId which association
 * @param user          the answer
 * @param medium        the kind of its address
 * @param spellings     every spelling of the address that clients are known to hash; the canonical one is among them
 */
public record Findable(long associationId, UserId user, Medium medium, Set<String> spellings) {

    @Override
    public String toString() {
        return "Findable[" + associationId + "]";
    }
}
