package im.signet.client.secret;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The bytes of a secret file: a header of magic, version, cost, salt and nonce, then the entries, encrypted by AES-256-GCM
 * with the header as additional data.
 */
final class SecretFileFormat {
    static final int MAX_BYTES = 32 * 1024 * 1024;
    static final int SALT_BYTES = 16;
    static final int NONCE_BYTES = 12;

    private static final byte[] MAGIC = "SIGNET-SECRETS".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int TAG_BITS = 128;
    private static final int HEADER_BYTES = MAGIC.length + 1 + 3 * Integer.BYTES + SALT_BYTES + NONCE_BYTES;

    private SecretFileFormat() {}

    /** How the key of a file is made; the same for as long as its passphrase is. */
    static final class KeyMaking {
        private final Argon2id cost;
        private final byte[] salt;

        KeyMaking(Argon2id cost, byte[] salt) {
            this.cost = cost;
            this.salt = salt;
        }

        /** Returns the key of a passphrase, which the caller wipes, as the passphrase. */
        byte[] keyOf(char[] passphrase) {
            return cost.derive(passphrase, salt);
        }
    }

    /** Returns how the key of {@code file} is made; empty when that is no file of ours, or one that is refused. */
    static Optional<KeyMaking> keyMaking(byte[] file) {
        if (file.length < HEADER_BYTES + TAG_BITS / Byte.SIZE || file.length > MAX_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(file);
        byte[] magic = new byte[MAGIC.length];
        header.get(magic);
        byte version = header.get();
        int memoryKib = header.getInt();
        int iterations = header.getInt();
        int parallelism = header.getInt();
        if (!Arrays.equals(magic, MAGIC) || version != VERSION
                || !Argon2id.isInRange(memoryKib, iterations, parallelism)) {
            return Optional.empty();
        }
        byte[] salt = new byte[SALT_BYTES];
        header.get(salt);
        return Optional.of(new KeyMaking(new Argon2id(memoryKib, iterations, parallelism), salt));
    }

    /** Returns the entries of {@code file}, whose header was read; empty when the key is not that of the file, or a byte was changed. */
    static Optional<Map<String, Secret>> decrypt(byte[] file, byte[] key) {
        byte[] plain;
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(file, HEADER_BYTES - NONCE_BYTES,
                    HEADER_BYTES));
            cipher.updateAAD(file, 0, HEADER_BYTES);
            plain = cipher.doFinal(file, HEADER_BYTES, file.length - HEADER_BYTES);
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        }
        try {
            return Optional.of(entries(ByteBuffer.wrap(plain)));
        } catch (BufferUnderflowException | CharacterCodingException e) {
            // Only who has the key could have written this.
            return Optional.empty();
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Returns the file of these entries; empty when it would be too large. {@code nonce} must never have been used with {@code key}. */
    static Optional<byte[]> encrypt(Map<String, Secret> entries, KeyMaking making, byte[] key, byte[] nonce) {
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC)
                .put(VERSION)
                .putInt(making.cost.memoryKib())
                .putInt(making.cost.iterations())
                .putInt(making.cost.parallelism())
                .put(making.salt)
                .put(nonce)
                .array();
        long size = Integer.BYTES;
        for (Map.Entry<String, Secret> entry : entries.entrySet()) {
            size += 2L * Integer.BYTES + utf8(entry.getKey()).length + entry.getValue().size();
        }
        if (HEADER_BYTES + size + TAG_BITS / Byte.SIZE > MAX_BYTES) {
            return Optional.empty();
        }
        ByteBuffer plain = ByteBuffer.allocate((int) size).putInt(entries.size());
        entries.forEach((name, secret) -> {
            byte[] utf8 = utf8(name);
            byte[] value = secret.reveal();
            plain.putInt(utf8.length).put(utf8).putInt(value.length).put(value);
            Arrays.fill(value, (byte) 0);
        });
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(header);
            byte[] encrypted = cipher.doFinal(plain.array());
            return Optional
                    .of(ByteBuffer.allocate(header.length + encrypted.length).put(header).put(encrypted).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        } finally {
            Arrays.fill(plain.array(), (byte) 0);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private static Map<String, Secret> entries(ByteBuffer plain) throws CharacterCodingException {
        Map<String, Secret> entries = new TreeMap<>();
        int count = plain.getInt();
        for (int i = 0; i < count; i++) {
            String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(plain))).toString();
            byte[] value = bytes(plain);
            entries.put(name, Secret.copyOf(value));
            Arrays.fill(value, (byte) 0);
        }
        return entries;
    }

    private static byte[] bytes(ByteBuffer plain) {
        int length = plain.getInt();
        if (length < 0 || length > plain.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        plain.get(bytes);
        return bytes;
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
