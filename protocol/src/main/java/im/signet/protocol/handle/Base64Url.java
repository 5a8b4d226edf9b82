package im.signet.protocol.handle;

import im.signet.protocol.signature.UnpaddedBase64;

import java.util.Optional;

/** Base64url without padding, of which exactly one text stands for each sequence of bytes. */
final class Base64Url {
    private Base64Url() {}

    static String encode(byte[] bytes) {
        return UnpaddedBase64.encodeUrl(bytes);
    }

    /** Returns the bytes that {@code text} is; empty when it is not the text that {@link #encode} writes, or no bytes at all. */
    static Optional<byte[]> decode(String text) {
        // The reader takes padding, as Matrix wants; records have none.
        return text.isEmpty() || text.indexOf('=') >= 0
                ? Optional.empty()
                : UnpaddedBase64.decodeUrl(text).toOptional();
    }

    /** Returns the bytes that {@code text} is when they are {@code size} bytes. */
    static Optional<byte[]> decode(String text, int size) {
        return text.length() == (size * 8 + 5) / 6
                ? decode(text).filter(bytes -> bytes.length == size)
                : Optional.empty();
    }
}
