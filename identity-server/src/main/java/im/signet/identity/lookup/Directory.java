package im.signet.identity.lookup;

import im.signet.protocol.hash.LookupHash;

import java.util.Collection;
import java.util.Map;

/** Where lookups are answered from. */
interface Directory {

    /**
     * Returns the user ids of those hashes that are known.
     *
     * @param generation the pepper that the hashes were made with
     */
    Map<LookupHash, String> find(long generation, Collection<LookupHash> hashes);

    /** Adds hashes of an association's address. */
    void add(long generation, Collection<LookupHash> hashes, long associationId, String userId);
}
