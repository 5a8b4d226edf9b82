package im.signet.client.handle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The form in which people carry 32 bytes from one place to another: a prefix, then base32 (RFC 4648, upper case) of a version
 * byte, the bytes, and the first 4 bytes of a hash of both, in groups of four.
 */
final class WrittenKey {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final byte VERSION = 1;
    private static final int KEY_BYTES = 32;
    private static final int CHECKSUM_BYTES = 4;
    private static final int BYTES = 1 + KEY_BYTES + CHECKSUM_BYTES;
    private static final int CHARACTERS = (BYTES * 8 + 4) / 5;
    private static final int GROUP = 4;
    private static final int MAX_LENGTH = 200;
    private static final byte[] NONE = {};

    private final String prefix;
    private final String hashPrefix;

    WrittenKey(String prefix, String hashPrefix) {
        this.prefix = prefix;
        this.hashPrefix = hashPrefix;
    }

    /** Returns {@code key} as it is written. */
    char[] write(byte[] key) {
        byte[] bytes = new byte[BYTES];
        bytes[0] = VERSION;
        System.arraycopy(key, 0, bytes, 1, KEY_BYTES);
        System.arraycopy(checksum(bytes), 0, bytes, 1 + KEY_BYTES, CHECKSUM_BYTES);
        char[] text = new char[prefix.length() + CHARACTERS + CHARACTERS / GROUP - 1];
        prefix.getChars(0, prefix.length(), text, 0);
        int at = prefix.length();
        for (int i = 0; i < CHARACTERS; i++) {
            if (i > 0 && i % GROUP == 0) {
                text[at++] = '-';
            }
            text[at++] = ALPHABET.charAt(fiveBits(bytes, i));
        }
        Arrays.fill(bytes, (byte) 0);
        return text;
    }

    /** Returns the 32 bytes that {@code text} is; no bytes when it is none. Blanks and dashes do not count, nor does the case. */
    byte[] parse(char[] text) {
        if (text.length > MAX_LENGTH) {
            return NONE;
        }
        char[] plain = new char[text.length];
        int length = 0;
        for (char c : text) {
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t' && (c != '-' || length < prefix.indexOf('-') + 1)) {
                plain[length++] = c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
            }
        }
        byte[] bytes = new byte[BYTES];
        try {
            return startsWithPrefix(plain, length) && decode(plain, prefix.length(), bytes) && isSound(bytes)
                    ? Arrays.copyOfRange(bytes, 1, 1 + KEY_BYTES)
                    : NONE;
        } finally {
            Arrays.fill(plain, '\0');
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private boolean startsWithPrefix(char[] plain, int length) {
        if (length != prefix.length() + CHARACTERS) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (plain[i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean decode(char[] plain, int from, byte[] bytes) {
        for (int i = 0; i < CHARACTERS; i++) {
            int value = ALPHABET.indexOf(plain[from + i]);
            if (value < 0) {
                return false;
            }
            for (int bit = 0; bit < 5; bit++) {
                int at = i * 5 + bit;
                boolean set = (value >> (4 - bit) & 1) == 1;
                if (set && at >= BYTES * 8) {
                    return false;
                }
                if (set) {
                    bytes[at / 8] |= (byte) (0x80 >> at % 8);
                }
            }
        }
        return true;
    }

    private static int fiveBits(byte[] bytes, int index) {
        int value = 0;
        for (int at = index * 5; at < index * 5 + 5; at++) {
            int bit = at < BYTES * 8 ? bytes[at / 8] >> (7 - at % 8) & 1 : 0;
            value = value << 1 | bit;
        }
        return value;
    }

    private boolean isSound(byte[] bytes) {
        byte[] expected = checksum(bytes);
        byte[] found = Arrays.copyOfRange(bytes, 1 + KEY_BYTES, BYTES);
        return bytes[0] == VERSION && MessageDigest.isEqual(expected, found);
    }

    private byte[] checksum(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(hashPrefix.getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) 0);
            digest.update(bytes, 0, 1 + KEY_BYTES);
            return Arrays.copyOf(digest.digest(), CHECKSUM_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
