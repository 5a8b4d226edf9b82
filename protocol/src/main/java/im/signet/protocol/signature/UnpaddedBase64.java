package im.signet.protocol.signature;

import im.signet.protocol.Parsed;

import java.util.Base64;

/**
 * Base64 as Matrix writes it, without padding. See
 * <a href="https://spec.matrix.org/latest/appendices/#unpadded-base64">Matrix appendices</a>. Reading takes padding too,
 * and exactly one text for each sequence of bytes otherwise: no blanks, no bits to spare.
 */
public final class UnpaddedBase64 {
    private UnpaddedBase64() {}

    /** Returns {@code bytes} in the standard alphabet (with {@code +} and {@code /}), unpadded. */
    public static String encode(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns {@code bytes} in the URL-safe alphabet (with {@code -} and {@code _}), unpadded. */
    public static String encodeUrl(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns what {@code text} encodes in the standard alphabet. */
    public static Parsed<byte[]> decode(String text) {
        return decode(text, Base64.getDecoder(), Base64.getEncoder());
    }

    /** Returns what {@code text} encodes in the URL-safe alphabet. */
    public static Parsed<byte[]> decodeUrl(String text) {
        return decode(text, Base64.getUrlDecoder(), Base64.getUrlEncoder());
    }

    /** Returns what {@code text} encodes in one of the two alphabets, as public keys may be written since v1.15. */
    public static Parsed<byte[]> decodeEither(String text) {
        return text.indexOf('-') >= 0 || text.indexOf('_') >= 0 ? decodeUrl(text) : decode(text);
    }

    private static Parsed<byte[]> decode(String text, Base64.Decoder decoder, Base64.Encoder encoder) {
        try {
            byte[] bytes = decoder.decode(text);
            // The JDK's decoder overlooks bits to spare after the last byte; writing again shows them.
            if (text.equals(encoder.withoutPadding().encodeToString(bytes))
                    || text.equals(encoder.encodeToString(bytes))) {
                return Parsed.ok(bytes);
            }
        } catch (IllegalArgumentException e) {
            // The reason of the JDK repeats a character of the input; ours below does not.
        }
        return Parsed.refused("not base64");
    }
}
