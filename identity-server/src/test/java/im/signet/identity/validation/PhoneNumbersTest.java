package im.signet.identity.validation;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PhoneNumbersTest {

    // The first is the example of the specification: its range is given to nobody.
    @ParameterizedTest
    @CsvSource({"GB, 07700900001, 447700900001", "GB, 07700 900001, 447700900001", "GB, +447911123456, 447911123456",
        "US, (201) 555-0123, 12015550123", "US, +44 7911 123456, 447911123456", "US, 1-201-555-0123, 12015550123",
        "DE, 0151 23456789, 4915123456789", "DE, 01 51 / 234 567-89, 4915123456789",
        "DE, 0049 151 23456789, 4915123456789", "FR, 06.12.34.56.78, 33612345678", "IT, 06 698 12345, 390669812345",
        "RU, 8 912 345 67 89, 79123456789", "KZ, 8 771 000 9998, 77710009998", "ZZ, +447911123456, 447911123456",
        "EG, \u0660\u0661\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667, 201001234567"})
    void readsANumberAsDialledFromItsCountry(String country, String dialled, String msisdn) {
        assertThat(PhoneNumbers.read(dialled, country)).isEqualTo(Parsed.ok(Address.of(Medium.MSISDN, msisdn)));
    }

    @ParameterizedTest
    @CsvSource({"GB, 12", "GB, 077009000012345", "GB, ''", "GB, 'call me'", "DE, 110", "US, 555-0123",
        "ZZ, 07700900001",
        "DE, +49151234567890123", "GB, +447911123456;ext=5", "US, +12015550123 x5", "GB, +999123456789",
        "GB, alice@example.org",
        "US, '+1201555\u00000123\n{}'"})
    void refusesWhatIsNoNumber(String country, String dialled) {
        assertThat(PhoneNumbers.read(dialled, country)).isInstanceOfSatisfying(Parsed.Refused.class,
                refused -> assertThat(refused.reason()).doesNotContainPattern("\\d{3}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gb", "Gb", "GBR", "G", "44", "GB\n", "G\u0412"})
    void refusesACountryThatIsNotTwoUpperCaseLetters(String country) {
        assertThat(PhoneNumbers.country(country)).isInstanceOf(Parsed.Refused.class);
    }
}
