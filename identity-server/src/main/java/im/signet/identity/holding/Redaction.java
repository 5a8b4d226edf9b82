package im.signet.identity.holding;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.text.BreakIterator;
import java.util.Locale;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;

/**
 * Addresses in a form that their owner recognises and nobody else can use. How much is left out is not told either.
 *
 * <p>
 * Of an e-mail address the first character of the local part and of the domain stay, each only where it is one of three or
 * more, and the domain's last label: {@code a•••@e•••.org}. Of a phone number stay the country code and the last two digits,
 * where at least four others are left out: {@code +44 ••• 89}.
 */
public final class Redaction {

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final String HIDDEN = "\u2022\u2022\u2022";
    private static final int ENOUGH_CHARACTERS = 3;
    private static final int ENOUGH_DIGITS = 4;
    private static final int LAST_DIGITS = 2;

    private Redaction() {}

    /** Returns the address in that form. */
    public static String of(Address address) {
        return address.medium() == Medium.EMAIL ? email(address.value()) : number(address.value());
    }

    private static String email(String address) {
        int at = address.lastIndexOf('@');
        String domain = address.substring(at + 1);
        int dot = domain.lastIndexOf('.');
        // What has no letters at its end is an IP address.
        String end = dot < 0 || domain.endsWith("]") ? "" : domain.substring(dot);
        String begin = domain.substring(0, domain.length() - end.length());
        int firstDot = begin.indexOf('.');
        return first(address.substring(0, at)) + HIDDEN + "@"
                + first(firstDot < 0 ? begin : begin.substring(0, firstDot)) + HIDDEN + end;
    }

    /** Returns the first character as people count them, accents included; nothing of a text that is too short to hide in. */
    private static String first(String text) {
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        int end = characters.next();
        int count = 1;
        while (characters.next() != BreakIterator.DONE) {
            count++;
        }
        return count < ENOUGH_CHARACTERS || !Character.isLetterOrDigit(text.codePointAt(0))
                ? ""
                : text.substring(0, end);
    }

    private static String number(String digits) {
        String code = countryCode(digits);
        return digits.length() - code.length() - LAST_DIGITS < ENOUGH_DIGITS
                ? "+" + code + HIDDEN
                : "+" + code + (code.isEmpty() ? "" : " ") + HIDDEN + " "
                        + digits.substring(digits.length() - LAST_DIGITS);
    }

    private static String countryCode(String digits) {
        try {
            return String.valueOf(NUMBERS.parse("+" + digits, null).getCountryCode());
        } catch (NumberParseException ofNoCountry) {
            return "";
        }
    }
}
