package im.signet.identity.validation;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/** Reads phone numbers as people dial them. */
final class PhoneNumbers {

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    private PhoneNumbers() {}

    /** Returns a country as the API has it: two upper-case letters. */
    static Parsed<String> country(String text) {
        return text.matches("[A-Z]{2}") ? Parsed.ok(text) : Parsed.refused("a country has two upper-case letters");
    }

    /**
     * Returns the number that one reaches by dialling this in that country.
     *
     * <p>What is asked is whether there can be such a number. Whether its range is in use is not: plans change sooner than
     * the tables of them, and the specification's own example is of a range that nobody is given.
     */
    static Parsed<Address> read(String dialled, String country) {
        PhoneNumber number;
        try {
            number = NUMBERS.parse(dialled, country);
        } catch (NumberParseException notANumber) {
            return Parsed.refused("that is no phone number of that country");
        }
        if (number.hasExtension()) {
            return Parsed.refused("a number with an extension gets no messages");
        }
        if (NUMBERS.isPossibleNumberWithReason(number) != ValidationResult.IS_POSSIBLE) {
            return Parsed.refused("a phone number of that country has another length");
        }
        return Address.parse(Medium.MSISDN, NUMBERS.format(number, PhoneNumberFormat.E164).substring(1));
    }
}
