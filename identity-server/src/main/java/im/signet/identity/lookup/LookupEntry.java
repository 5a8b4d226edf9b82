package im.signet.identity.lookup;

import im.signet.identity.association.Findable;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;

import java.util.stream.Stream;

/**
 * That a hash leads to a user.
 *
 * @param hash          what a client sends
 * @param associationId the association that says so; the entry goes with it
 * @param userId        the answer
 */
record LookupEntry(LookupHash hash, long associationId, String userId) {

    /** Returns an entry for each spelling of an address, hashed with this pepper. */
    static Stream<LookupEntry> of(Findable found, Pepper pepper) {
        return found.spellings()
                .stream()
                .map(spelling -> new LookupEntry(LookupHash.of(found.medium(), spelling, pepper), found.associationId(),
                        found.user().value()));
    }
}
