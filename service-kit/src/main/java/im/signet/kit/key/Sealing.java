package im.signet.kit.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals bytes with AES-256-GCM into an envelope that names its key: {@code 1 || len(id) || id || nonce(12) ||
 * ciphertext || tag(16)}. Nonces are random. The context is authenticated with the content, so an envelope does not open
 * in another place than the one it was made for. Safe to use from many threads.
 */
public final class Sealing {

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final KeyRing keys;
    private final SecureRandom random;

    public Sealing(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** Returns an envelope around the content, sealed with the current key. */
    public byte[] seal(byte[] content, String context) {
        KeyRing.Key key = keys.current();
        byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, context, content, 0, content.length);
        return ByteBuffer.allocate(2 + id.length + NONCE_BYTES + sealed.length)
                .put(VERSION)
                .put((byte) id.length)
                .put(id)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /**
     * Returns the content of an envelope.
     *
     * @throws IllegalStateException when its key is not in the ring, it was altered, or it belongs elsewhere
     */
    public byte[] open(byte[] envelope, String context) {
        if (envelope.length < 2 || envelope[0] != VERSION) {
            throw new IllegalStateException("not an envelope of this version");
        }
        int idLength = envelope[1];
        int start = 2 + idLength + NONCE_BYTES;
        if (idLength < 1 || envelope.length < start + TAG_BITS / 8) {
            throw new IllegalStateException("the envelope is cut short");
        }
        String id = new String(envelope, 2, idLength, StandardCharsets.US_ASCII);
        KeyRing.Key key = keys.byId(id)
                .orElseThrow(() -> new IllegalStateException(
                        "an envelope was sealed with a key of '" + keys.purpose()
                                + "' that this server does not have"));
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(envelope, 2 + idLength, nonce, 0, NONCE_BYTES);
        return cipher(Cipher.DECRYPT_MODE, key, nonce, context, envelope, start, envelope.length - start);
    }

    private byte[] cipher(int mode, KeyRing.Key key, byte[] nonce, String context, byte[] bytes, int offset,
            int length) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key.bytes(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD((keys.purpose() + "\0" + context).getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(bytes, offset, length);
        } catch (GeneralSecurityException notOurs) {
            throw new IllegalStateException("an envelope of '" + keys.purpose() + "' does not open", notOurs);
        }
    }
}
