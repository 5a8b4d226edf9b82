package im.signet.protocol.identifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Full Unicode case folding (statuses C and F), which makes {@code STRASSE} and {@code Straße} equal; not normalisation. */
final class CaseFolding {
    /** The code points that change, ascending, and beside each what it becomes. */
    private static final int[] FROM;
    private static final String[] TO;

    static {
        List<Integer> from = new ArrayList<>();
        List<String> to = new ArrayList<>();
        for (String rule : CaseFoldingTable.RULES.split("\n", 0)) {
            read(rule, from, to);
        }
        FROM = from.stream().mapToInt(Integer::intValue).toArray();
        TO = to.toArray(new String[0]);
    }

    private CaseFolding() {}

    /** Returns {@code text} with every code point folded; lone surrogates stay. */
    static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> append(folded, codePoint));
        return folded.toString();
    }

    private static void append(StringBuilder folded, int codePoint) {
        if (codePoint < 0x80) {
            folded.append((char) (codePoint >= 'A' && codePoint <= 'Z' ? codePoint + ('a' - 'A') : codePoint));
            return;
        }
        int index = Arrays.binarySearch(FROM, codePoint);
        if (index < 0) {
            folded.appendCodePoint(codePoint);
        } else {
            folded.append(TO[index]);
        }
    }

    private static void read(String rule, List<Integer> from, List<String> to) {
        int equals = rule.indexOf('=');
        if (equals >= 0) {
            StringBuilder several = new StringBuilder();
            for (String codePoint : rule.substring(equals + 1).split(",", -1)) {
                several.appendCodePoint(hex(codePoint));
            }
            from.add(hex(rule.substring(0, equals)));
            to.add(several.toString());
            return;
        }
        int dash = rule.indexOf('-');
        int slash = rule.indexOf('/');
        int last = hex(rule.substring(dash + 1, slash));
        int step = rule.charAt(slash + 1) - '0';
        int offset = hex(rule.substring(slash + 2));
        for (int codePoint = hex(rule.substring(0, dash)); codePoint <= last; codePoint += step) {
            from.add(codePoint);
            to.add(Character.toString(codePoint + offset));
        }
    }

    private static int hex(String digits) {
        return Integer.parseInt(digits, 16);
    }
}
