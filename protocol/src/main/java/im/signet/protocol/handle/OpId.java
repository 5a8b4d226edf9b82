package im.signet.protocol.handle;

import java.security.MessageDigest;

/**
 * The name of a signed record, made of its payload alone:
 * {@code SHA-256("signet-op/v1" || 0x00 || u64be(length) || payload)}. Signatures are not part of it. See
 * {@code docs/spec/handles.md}, section 2.7.
 *
 * @param value 43 characters of base64url
 */
public record OpId(String value) {
    private static final String PREFIX = "signet-op/v1";
    private static final String RULE = "an op_id is 32 bytes as 43 characters of base64url";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no op_id. */
    public OpId {
        if (!isOpId(value)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the op_id that {@code text} is. */
    public static Verdict<OpId> parse(String text) {
        return isOpId(text) ? Verdict.valid(new OpId(text)) : Verdict.refused(Reason.MALFORMED_MEMBER);
    }

    /** Returns the op_id of the record of exactly this payload. */
    public static OpId ofPayload(byte[] payload) {
        MessageDigest digest = Hashes.sha256(PREFIX);
        digest.update(Hashes.u64be(payload.length));
        return new OpId(Base64Url.encode(digest.digest(payload)));
    }

    /** Returns the 32 bytes. */
    public byte[] toBytes() {
        return Base64Url.decode(value).orElseThrow(IllegalStateException::new);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isOpId(String text) {
        return Base64Url.decode(text, Hashes.SHA256_BYTES).isPresent();
    }
}
