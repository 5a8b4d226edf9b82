package im.signet.protocol.identifier;

/** Recognises IP addresses as text in their usual forms, and never asks a resolver. */
final class IpLiterals {
    private static final int IPV4_PARTS = 4;
    private static final int MAX_IPV4_PART = 255;
    private static final int MAX_IPV4_PART_DIGITS = 3;
    private static final int IPV6_GROUPS = 8;
    private static final int MAX_IPV6_GROUP_DIGITS = 4;
    private static final int MAX_IPV6_LENGTH = 45;

    private IpLiterals() {}

    /** Returns whether {@code text} is four decimal numbers from 0 to 255 without leading zeros, joined by dots. */
    static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != IPV4_PARTS) {
            return false;
        }
        for (String part : parts) {
            boolean leadingZero = part.length() > 1 && part.charAt(0) == '0';
            if (part.isEmpty() || part.length() > MAX_IPV4_PART_DIGITS || leadingZero || !Ascii.isDigits(part)
                    || Integer.parseInt(part) > MAX_IPV4_PART) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether {@code text} is an IPv6 address as RFC 4291 section 2.2 writes them, without zone or prefix length. */
    static boolean isIpv6(String text) {
        if (text.length() > MAX_IPV6_LENGTH) {
            return false;
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groupsIn(text, true) == IPV6_GROUPS;
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        int groupsBefore = before.isEmpty() ? 0 : groupsIn(before, false);
        int groupsAfter = after.isEmpty() ? 0 : groupsIn(after, true);
        return groupsBefore >= 0 && groupsAfter >= 0 && groupsBefore + groupsAfter < IPV6_GROUPS;
    }

    /** Returns how many 16-bit groups {@code text} spells out, an IPv4 address at its end being two; -1 when it is badly formed. */
    private static int groupsIn(String text, boolean mayEndInIpv4) {
        String[] parts = text.split(":", -1);
        int groups = 0;
        for (int i = 0; i < parts.length; i++) {
            if (mayEndInIpv4 && i == parts.length - 1 && isIpv4(parts[i])) {
                groups += 2;
            } else if (isIpv6Group(parts[i])) {
                groups++;
            } else {
                return -1;
            }
        }
        return groups;
    }

    private static boolean isIpv6Group(String text) {
        return !text.isEmpty() && text.length() <= MAX_IPV6_GROUP_DIGITS && text.chars().allMatch(Ascii::isHexDigit);
    }
}
