package im.signet.names.store;

import im.signet.kit.journal.Revocation;
import im.signet.kit.key.KeyedHash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Keyed hashes of what must not stand in a table. Safe to use from many threads. */
public final class NameHashes {

    private final KeyedHash hash;

    /** Takes the keys. */
    public NameHashes(KeyedHash hash) {
        this.hash = hash;
    }

    /** Returns what is stored of these parts, none of which holds a NUL, for that purpose. */
    public byte[] store(String purpose, String... parts) {
        return hash.current(bytes(purpose, parts));
    }

    /** Returns the key of what {@link #store} returns, as an entry of a journal names it. */
    public Revocation.Key key() {
        return Revocation.Key.of(hash);
    }

    /** Returns all that may be stored of these parts, under older keys too. */
    public List<byte[]> find(String purpose, String... parts) {
        return hash.underEachKey(bytes(purpose, parts));
    }

    /** Returns whether that was stored of these parts. */
    public boolean matches(byte[] stored, String purpose, String... parts) {
        boolean any = false;
        for (byte[] one : find(purpose, parts)) {
            any |= MessageDigest.isEqual(one, stored);
        }
        return any;
    }

    private static byte[] bytes(String purpose, String... parts) {
        return (purpose + "\0" + String.join("\0", parts)).getBytes(StandardCharsets.UTF_8);
    }
}
