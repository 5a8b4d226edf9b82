package im.signet.protocol.handle;

import java.util.Optional;

/**
 * The domain of a handle, in its one form: two labels or more in lower case, those with other letters as A-labels
 * ({@code xn--...}). Whether a name is one does not depend on a version of Unicode, so that all readers agree for ever; a
 * nameserver looks at what it serves itself with all of UTS #46. See {@code docs/spec/handles.md}, sections 1.3 and 1.4.
 *
 * @param value the domain as it is written, at most 253 characters
 */
public record HandleDomain(String value) {
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final String A_LABEL = "xn--";

    /**
     * What no U-label has, in pairs of the first and last code point: controls, blanks, what cannot be seen, what is no
     * character, and what UTS #46 takes for a dot, an at sign or a slash.
     */
    private static final int[] NEVER_IN_A_LABEL = {0x80, 0xA0, 0xAD, 0xAD, 0x180E, 0x180E, 0x2000, 0x200B, 0x200E,
        0x200F,
        0x2024, 0x2026, 0x2028, 0x202F, 0x205F, 0x206F, 0x2100, 0x2101, 0x2105, 0x2106, 0x2488, 0x249B, 0x3000, 0x3000,
        0x3002, 0x3002, 0xD800, 0xF8FF, 0xFDD0, 0xFDEF, 0xFE00, 0xFE1F, 0xFE47, 0xFE6F, 0xFE74, 0xFFFF, 0xE0000,
        0x10FFFF};

    /** Throws an {@link IllegalArgumentException} when {@code value} is no domain of a handle. */
    public HandleDomain {
        if (!isDomain(value)) {
            throw new IllegalArgumentException(Reason.HANDLE_DOMAIN.words());
        }
    }

    /** Returns the domain that {@code text} is. */
    public static Verdict<HandleDomain> parse(String text) {
        return isDomain(text) ? Verdict.valid(new HandleDomain(text)) : Verdict.refused(Reason.HANDLE_DOMAIN);
    }

    /** Returns the domain that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static HandleDomain of(String text) {
        return new HandleDomain(text);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isDomain(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        String[] labels = text.split("\\.", -1);
        for (String label : labels) {
            if (!isLabel(label)) {
                return false;
            }
        }
        // No top-level domain begins with a digit, but IPv4 addresses and their shorthands end in a number.
        char first = labels[labels.length - 1].charAt(0);
        return labels.length >= 2 && first >= 'a';
    }

    private static boolean isLabel(String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL_LENGTH || label.startsWith("-") || label.endsWith("-")) {
            return false;
        }
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                return false;
            }
        }
        return label.startsWith(A_LABEL) ? isALabel(label) : !label.startsWith("--", 2);
    }

    private static boolean isALabel(String label) {
        String punycode = label.substring(A_LABEL.length());
        Optional<int[]> decoded = Punycode.decode(punycode);
        if (!decoded.isPresent() || !Punycode.encode(decoded.get()).equals(punycode)) {
            return false;
        }
        boolean onlyAscii = true;
        for (int codePoint : decoded.get()) {
            onlyAscii &= codePoint < 0x80;
            for (int i = 0; i < NEVER_IN_A_LABEL.length; i += 2) {
                if (codePoint >= NEVER_IN_A_LABEL[i] && codePoint <= NEVER_IN_A_LABEL[i + 1]) {
                    return false;
                }
            }
        }
        return !onlyAscii;
    }
}
