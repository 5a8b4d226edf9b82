package im.signet.kit.key;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one purpose, as a file holds them: the last one is in use, the others are kept for what was made with
 * them, or are known already and will be in use some day.
 */
public final class KeyRing {

    private final String purpose;
    private final List<Key> keys;

    KeyRing(String purpose, List<Key> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a key ring needs a key");
        }
        this.purpose = purpose;
        this.keys = List.copyOf(keys);
    }

    /**
     * One secret of 32 bytes.
     *
     * @param id    names the key; unique in its ring and never used for another key
     * @param bytes the secret
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody; the id is what a key is known by
    public record Key(String id, byte[] bytes) {

        @Override
        public String toString() {
            return "Key[" + id + ", hidden]";
        }
    }

    /** Returns what the keys are for; the file is called so. */
    public String purpose() {
        return purpose;
    }

    /** Returns the key that new things are made with. */
    public Key current() {
        return keys.getLast();
    }

    /** Returns every key, the current one last. */
    public Collection<Key> all() {
        return keys;
    }

    /** Returns the key of that id; empty when this ring does not have it. */
    public Optional<Key> byId(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    @Override
    public String toString() {
        return "KeyRing[" + purpose + ", " + keys.size() + " keys]";
    }
}
