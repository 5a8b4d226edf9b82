package im.signet.identity.validation;

import im.signet.kit.key.KeyedHash;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How tokens are stored: as a keyed hash of the session and the token. A code of six digits is found by trying them all, so
 * a plain hash would not do; the key lies outside the database. Safe to use from many threads.
 */
public final class TokensAtRest {

    private final KeyedHash hash;

    /** Stores tokens under the keys of this hash. */
    public TokensAtRest(KeyedHash hash) {
        this.hash = hash;
    }

    /** Returns what to store of a token of that session. */
    byte[] store(String sid, String token) {
        return hash.current(plain(sid, token));
    }

    /** Returns the hashes under which the token may have been stored, one for each live key. */
    List<byte[]> hashesOf(String sid, String token) {
        return hash.underEachKey(plain(sid, token));
    }

    private static byte[] plain(String sid, String token) {
        return (sid + "\0" + token).getBytes(StandardCharsets.UTF_8);
    }
}
