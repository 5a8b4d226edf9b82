package im.signet.protocol.handle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * 60 digits that two people compare to know that each has the other's identity: 30 of each side, sorted, so that both see
 * the same. A device more or fewer does not change them; a new epoch does. See {@code docs/spec/handles.md}, section 9.
 *
 * @param digits the 60 digits
 */
public record Fingerprint(String digits) {
    private static final String PREFIX = "signet-fingerprint/v1";
    private static final int ROUNDS = 5_200;
    private static final int GROUPS_A_SIDE = 6;
    private static final int BYTES_A_GROUP = 5;
    private static final int DIGITS_A_GROUP = 5;
    private static final int DIGITS = 2 * GROUPS_A_SIDE * DIGITS_A_GROUP;
    private static final long GROUP_LIMIT = 100_000;

    /** Throws an {@link IllegalArgumentException} when {@code digits} are not 60 digits. */
    public Fingerprint {
        if (!isDigits(digits)) {
            throw new IllegalArgumentException(Reason.FINGERPRINT_SHAPE.words());
        }
    }

    /** Returns the fingerprint of two identities, the same from both sides; takes some milliseconds, on purpose. */
    public static Fingerprint of(Identity one, Identity other) {
        String left = side(one);
        String right = side(other);
        return new Fingerprint(left.compareTo(right) <= 0 ? left + right : right + left);
    }

    /**
     * Returns what an identity brings to each of its fingerprints: 30 digits, in 6 groups of 5. They are for looking at;
     * only the 60 digits of two people are worth comparing.
     */
    public static List<String> sideOf(Identity identity) {
        return List.of(grouped(side(identity)).split(" ", -1));
    }

    /** Returns the fingerprint that {@code text} shows in groups, as {@link #toString()} writes it. */
    public static Verdict<Fingerprint> parse(String text) {
        String digits = text.length() == DIGITS + DIGITS / DIGITS_A_GROUP - 1 ? text.replace(" ", "") : "";
        return isDigits(digits) && grouped(digits).equals(text)
                ? Verdict.valid(new Fingerprint(digits))
                : Verdict.refused(Reason.FINGERPRINT_SHAPE);
    }

    /** Returns the 12 groups of 5 digits, for a page or screen to lay out. */
    public List<String> groups() {
        return List.of(toString().split(" ", -1));
    }

    /** Returns the digits in 12 groups of 5, with a blank between. */
    @Override
    public String toString() {
        return grouped(digits);
    }

    /** Returns the 30 digits of one side. */
    private static String side(Identity identity) {
        byte[] material = material(identity);
        MessageDigest sha512 = Hashes.digest("SHA-512");
        byte[] hash = material;
        for (int round = 0; round < ROUNDS; round++) {
            sha512.update(hash);
            hash = sha512.digest(material);
        }
        StringBuilder side = new StringBuilder();
        for (int group = 0; group < GROUPS_A_SIDE; group++) {
            long number = 0;
            for (int i = 0; i < BYTES_A_GROUP; i++) {
                number = (number << 8) | (hash[group * BYTES_A_GROUP + i] & 0xFF);
            }
            String text = Long.toString(number % GROUP_LIMIT + GROUP_LIMIT);
            side.append(text, 1, text.length());
        }
        return side.toString();
    }

    private static byte[] material(Identity identity) {
        List<byte[]> recovery = new ArrayList<>();
        for (JwsKey key : identity.recovery()) {
            recovery.add(key.toBytes());
        }
        recovery.sort(Fingerprint::compareUnsigned);
        List<byte[]> parts = new ArrayList<>();
        parts.add(PREFIX.getBytes(StandardCharsets.US_ASCII));
        parts.add(new byte[1]);
        parts.add(identity.id().value().getBytes(StandardCharsets.US_ASCII));
        parts.add(Hashes.u64be(identity.epoch()));
        parts.add(new byte[]{(byte) recovery.size()});
        parts.addAll(recovery);
        byte[] material = new byte[0];
        for (byte[] part : parts) {
            int start = material.length;
            material = Arrays.copyOf(material, start + part.length);
            System.arraycopy(part, 0, material, start, part.length);
        }
        return material;
    }

    private static int compareUnsigned(byte[] left, byte[] right) {
        for (int i = 0; i < left.length; i++) {
            int difference = (left[i] & 0xFF) - (right[i] & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static String grouped(String digits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits.length(); i += DIGITS_A_GROUP) {
            text.append(i == 0 ? "" : " ").append(digits, i, i + DIGITS_A_GROUP);
        }
        return text.toString();
    }

    private static boolean isDigits(String text) {
        return text.length() == DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
