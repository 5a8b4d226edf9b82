package im.signet.identity.lookup;

import im.signet.kit.key.KeyedHash;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The two halves of a keyed hash (HMAC-SHA-256, its key outside the database) of a subject and a pepper's generation. The
 * first names the subject's row. The second is the key of SipHash-2-4, by which the addresses asked for go into its sketch:
 * so nobody can choose addresses that leave it as it is, no two sketches can be compared, and who has only the database
 * cannot try addresses.
 */
final class SubjectKey {

    private static final int HALF = 16;

    private final byte[] row;
    private final KeyParameter key;

    private SubjectKey(byte[] row, byte[] key) {
        this.row = row;
        this.key = new KeyParameter(key);
    }

    static SubjectKey of(Subject subject, long generation, KeyedHash keyed) {
        byte[] hash = keyed.current((subject.kind() + "\0" + generation + "\0" + subject.name())
                .getBytes(StandardCharsets.UTF_8));
        return new SubjectKey(Arrays.copyOf(hash, HALF), Arrays.copyOfRange(hash, HALF, 2 * HALF));
    }

    /** Returns the name of the row. */
    ByteBuffer row() {
        return ByteBuffer.wrap(row);
    }

    /** Returns what stands for these in the sketch. */
    long[] hash(Collection<byte[]> asked) {
        SipHash sipHash = new SipHash();
        sipHash.init(key);
        return asked.stream().mapToLong(bytes -> {
            sipHash.update(bytes, 0, bytes.length);
            return sipHash.doFinal();
        }).toArray();
    }
}
