package im.signet.protocol.json;

import im.signet.protocol.Parsed;

import java.math.BigDecimal;

/** Reads the text of a JSON number at a cost that its exponent cannot raise. */
final class NumberText {
    static final String OUT_OF_RANGE = "a number is beyond the range of a double";
    /** The longest exact decimal form of a double has 767 significant digits. */
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_DIGITS_OF_EVERY_LONG = 18;

    private NumberText() {}

    /** Returns the number; {@code text} is already known to follow the grammar of RFC 8259. */
    static Parsed<Json> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Parsed.refused("a number has at most " + MAX_LENGTH + " characters");
        }
        if (text.length() <= MAX_DIGITS_OF_EVERY_LONG
                && text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E')) {
            return Parsed.ok(JsonNumber.of(Long.parseLong(text)));
        }
        // A double takes any exponent, where BigDecimal would throw on 1e9999999999 and could later expand 1e999999999.
        double nearest = Double.parseDouble(text);
        if (!JsonNumber.fitsDouble(hasNonZeroDigit(text), nearest)) {
            return Parsed.refused(OUT_OF_RANGE);
        }
        return Parsed.ok(nearest == 0 ? JsonNumber.of(0) : new JsonNumber(new BigDecimal(text)));
    }

    private static boolean hasNonZeroDigit(String text) {
        for (int i = 0; i < text.length() && text.charAt(i) != 'e' && text.charAt(i) != 'E'; i++) {
            if (text.charAt(i) >= '1' && text.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }

    /** Returns the shortest usual text of the number: integers below 10^21 without exponent. */
    static String write(JsonNumber number) {
        BigDecimal value = number.value();
        boolean plainInteger = value.scale() <= 0 && value.precision() - value.scale() <= 21;
        return plainInteger ? value.toPlainString() : value.toString();
    }
}
