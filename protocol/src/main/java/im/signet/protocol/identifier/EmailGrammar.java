package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

/**
 * The e-mail addresses we accept: {@code dot-atom "@" domain} of RFC 5322 with the letters, marks and digits that RFC 6531
 * adds, and nothing that a mail system could read in two ways: no quoting, comments, routes or IP addresses.
 */
final class EmailGrammar {
    private static final int MAX_BYTES = 254;
    private static final int MAX_LOCAL_PART_BYTES = 64;
    private static final int MAX_DOMAIN_BYTES = 253;
    private static final int MAX_LABEL_BYTES = 63;
    private static final String ATEXT_SYMBOLS = "!#$%&'*+-/=?^_`{|}~";

    private EmailGrammar() {}

    /** Returns {@code text} itself when it is an address. */
    static Parsed<String> check(String text) {
        // Each character has at least one byte: settles long texts without reading them.
        if (text.length() > MAX_BYTES || utf8Length(text) > MAX_BYTES) {
            return Parsed.refused("an e-mail address has at most " + MAX_BYTES + " bytes");
        }
        int at = text.indexOf('@');
        if (at < 0 || text.indexOf('@', at + 1) >= 0) {
            return Parsed.refused("an e-mail address has exactly one '@'");
        }
        String fault = faultInLocalPart(text.substring(0, at));
        if (fault.isEmpty()) {
            fault = faultInDomain(text.substring(at + 1));
        }
        return fault.isEmpty() ? Parsed.ok(text) : Parsed.refused(fault);
    }

    private static String faultInLocalPart(String localPart) {
        if (localPart.isEmpty() || utf8Length(localPart) > MAX_LOCAL_PART_BYTES) {
            return "the part before '@' has 1 to " + MAX_LOCAL_PART_BYTES + " bytes";
        }
        for (String atom : localPart.split("\\.", -1)) {
            if (atom.isEmpty()) {
                return "the part before '@' neither begins nor ends with '.' nor has two in a row";
            }
            if (!atom.codePoints().allMatch(c -> isLetterMarkOrDigit(c) || ATEXT_SYMBOLS.indexOf(c) >= 0)) {
                return "the part before '@' has a character that addresses cannot have";
            }
        }
        return "";
    }

    private static String faultInDomain(String domain) {
        if (domain.isEmpty() || utf8Length(domain) > MAX_DOMAIN_BYTES) {
            return "the domain has 1 to " + MAX_DOMAIN_BYTES + " bytes";
        }
        for (String label : domain.split("\\.", -1)) {
            if (label.isEmpty() || utf8Length(label) > MAX_LABEL_BYTES) {
                return "each part of the domain has 1 to " + MAX_LABEL_BYTES + " bytes";
            }
            if (label.startsWith("-") || label.endsWith("-")) {
                return "no part of the domain begins or ends with '-'";
            }
            if (!label.codePoints().allMatch(c -> isLetterMarkOrDigit(c) || c == '-')) {
                return "the domain has a character that domains cannot have";
            }
        }
        // No such top-level domain exists, and mail systems read such a domain as an IP address.
        if (Ascii.isNumber(domain.substring(domain.lastIndexOf('.') + 1))) {
            return "the domain is a name, not an IP address";
        }
        return "";
    }

    private static boolean isLetterMarkOrDigit(int codePoint) {
        if (codePoint < 0x80) {
            return Ascii.isLetterOrDigit(codePoint);
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER, Character.OTHER_LETTER, Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK, Character.DECIMAL_DIGIT_NUMBER ->
                !isInvisible(codePoint);
            default -> false;
        };
    }

    /** The letters and marks that Unicode calls Default_Ignorable: with them two addresses would look the same. */
    private static boolean isInvisible(int codePoint) {
        return codePoint == 0x034F || codePoint == 0x115F || codePoint == 0x1160 || codePoint == 0x17B4
                || codePoint == 0x17B5 || (codePoint >= 0x180B && codePoint <= 0x180F) || codePoint == 0x3164
                || (codePoint >= 0xFE00 && codePoint <= 0xFE0F) || codePoint == 0xFFA0
                || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
    }

    private static int utf8Length(String text) {
        return text.codePoints().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4).sum();
    }
}
