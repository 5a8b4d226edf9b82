package im.signet.protocol.json;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A JSON number. Equal when the numbers are equal: {@code 1e1} is {@code 10.0}, and there is no negative zero.
 *
 * @param value the exact number, within the range of a double and without trailing zeros
 */
public record JsonNumber(BigDecimal value) implements Json {
    /** Brings {@code value} into its one form; throws an {@link IllegalArgumentException} when a double cannot hold its size. */
    public JsonNumber {
        if (!fitsDouble(value.signum() != 0, value.doubleValue())) {
            throw new IllegalArgumentException(NumberText.OUT_OF_RANGE);
        }
        value = value.stripTrailingZeros();
    }

    /** Returns {@code value} as a JSON number. */
    public static JsonNumber of(long value) {
        return new JsonNumber(BigDecimal.valueOf(value));
    }

    /** Returns the number when it is an integer of the range of {@code long}. */
    public Optional<Long> toLong() {
        // Neither test expands the exponent: only numbers of at most 19 digits reach longValueExact.
        boolean integer = value.scale() <= 0;
        if (!integer || value.precision() - value.scale() > 19) {
            return Optional.empty();
        }
        BigDecimal rounded = BigDecimal.valueOf(value.longValue());
        return rounded.compareTo(value) == 0 ? Optional.of(value.longValue()) : Optional.empty();
    }

    @Override
    public String toString() {
        return "JsonNumber[hidden]";
    }

    /** Returns whether {@code nearest}, the double nearest to a number, is of the same order as the number. */
    static boolean fitsDouble(boolean isNotZero, double nearest) {
        return Double.isFinite(nearest) && (nearest != 0 || !isNotZero);
    }
}
