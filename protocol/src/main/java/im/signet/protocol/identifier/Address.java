package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import java.util.Locale;

/**
 * An e-mail address or a phone number (a 3PID) in canonical form, so that equal values reach the same person. See
 * <a href="https://spec.matrix.org/latest/appendices/#3pid-types">Matrix appendices</a>. {@link #toString()} hides it.
 *
 * @param medium what kind of address it is
 * @param value  {@link Medium#EMAIL}: the whole address case-folded, at most 254 bytes of UTF-8; {@link Medium#MSISDN}:
 *               5 to 15 digits, country code first
 */
public record Address(Medium medium, String value) {
    private static final int REVEALED_CHARACTERS = 3;

    /** Brings {@code value} into canonical form; throws an {@link IllegalArgumentException} when it is no address. */
    public Address {
        value = canonical(medium, value).orElseThrow();
    }

    /** Returns the address that {@code text} is, in canonical form. */
    public static Parsed<Address> parse(Medium medium, String text) {
        return canonical(medium, text).map(canonical -> new Address(medium, canonical));
    }

    /** Returns the address that {@code text} is, in canonical form; throws an {@link IllegalArgumentException} when it is none. */
    public static Address of(Medium medium, String text) {
        return new Address(medium, text);
    }

    /**
     * Returns the form that Element hashes for a lookup: lower-cased where {@link #parse} folds, so {@code ß} stays
     * {@code ß}. Both forms are the same for nearly every address.
     */
    public static Parsed<String> lowerCased(Medium medium, String text) {
        if (medium == Medium.MSISDN) {
            return canonical(medium, text);
        }
        return EmailGrammar.check(text).flatMap(email -> EmailGrammar.check(email.toLowerCase(Locale.ROOT)));
    }

    /**
     * Returns a form to show to people who may not know the address, such as {@code ali...@exa...}: at most the first
     * three characters of each half, fewer of short ones.
     */
    public String redacted() {
        int at = value.indexOf('@');
        return at < 0 ? begin(value) : begin(value.substring(0, at)) + "@" + begin(value.substring(at + 1));
    }

    /** Returns the medium only: an address does not belong in a log. */
    @Override
    public String toString() {
        return medium.wireName() + "[hidden]";
    }

    private static String begin(String half) {
        int length = half.codePointCount(0, half.length());
        int revealed = length > REVEALED_CHARACTERS ? REVEALED_CHARACTERS : length > 1 ? 1 : 0;
        return half.substring(0, half.offsetByCodePoints(0, revealed)) + "...";
    }

    private static Parsed<String> canonical(Medium medium, String text) {
        return switch (medium) {
            // Folding can lengthen an address and can bring in characters from outside the grammar, so it is checked twice.
            case EMAIL -> EmailGrammar.check(text).flatMap(email -> EmailGrammar.check(CaseFolding.fold(email)));
            case MSISDN -> checkMsisdn(text);
        };
    }

    private static Parsed<String> checkMsisdn(String text) {
        if (text.startsWith("+")) {
            return Parsed.refused("a phone number is written without '+'");
        }
        if (text.length() < 5 || text.length() > 15 || !Ascii.isDigits(text) || text.charAt(0) == '0') {
            return Parsed.refused("a phone number has 5 to 15 digits and begins with its country code");
        }
        return Parsed.ok(text);
    }
}
