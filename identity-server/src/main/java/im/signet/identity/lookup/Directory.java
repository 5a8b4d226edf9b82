package im.signet.identity.lookup;

import im.signet.protocol.hash.LookupHash;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where lookups are answered from. */
interface Directory {

    /**
     * Returns the user ids of those hashes that are known.
     *
     * @param generation the pepper that the hashes were made with
     */
    Map<LookupHash, String> find(long generation, Collection<LookupHash> hashes);

    /** Adds entries whose hashes were made with that pepper, in place of those of the same hash. */
    void add(long generation, Collection<LookupEntry> entries);

    /** Removes entries of a generation, but none that somebody else is about to remove; returns how many those were. */
    int removeSome(long generation, int atMost);

    /** Returns whether a generation has no entry. */
    boolean isEmpty(long generation);

    /**
     * Forgets that keys are in use which no entry is of any more, and returns their ids. A server whose key file lacks such
     * a key starts all the same. To be called when every server has had the same key in use for a while.
     */
    List<String> forgetUnusedKeys();
}
