package im.signet.protocol.handle;

import java.util.Optional;

/** Base32 of RFC 4648 without padding, of which exactly one text stands for each sequence of bytes. */
final class Base32 {
    static final String LOWER = "abcdefghijklmnopqrstuvwxyz234567";
    static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes, String alphabet) {
        StringBuilder text = new StringBuilder((bytes.length * 8 + BITS - 1) / BITS);
        int waiting = 0;
        int bits = 0;
        for (byte b : bytes) {
            waiting = (waiting << 8) | (b & 0xFF);
            bits += 8;
            while (bits >= BITS) {
                bits -= BITS;
                text.append(alphabet.charAt((waiting >>> bits) & 31));
            }
            waiting &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(alphabet.charAt((waiting << (BITS - bits)) & 31));
        }
        return text.toString();
    }

    /** Returns the bytes that {@code text} is; empty when it is not the text that {@link #encode} writes with that alphabet. */
    static Optional<byte[]> decode(String text, String alphabet) {
        byte[] bytes = new byte[text.length() * BITS / 8];
        int waiting = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = alphabet.indexOf(text.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            waiting = (waiting << BITS) | value;
            bits += BITS;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (waiting >>> bits);
                waiting &= (1 << bits) - 1;
            }
        }
        // Neither a character too many nor bits to spare that are set.
        return bits < BITS && waiting == 0 ? Optional.of(bytes) : Optional.empty();
    }
}
