package im.signet.identity.holding;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** An owner recognises what is shown, and nobody else can use it. */
class RedactionTest {

    @ParameterizedTest
    @CsvSource({"alice@example.org, a***@e***.org", "al@example.org, ***@e***.org", "a@example.org, ***@e***.org",
        "ali@ab.de, a***@***.de", "alice@mail.example.co.uk, a***@m***.uk", "alice+tag@x.com, a***@***.com",
        "\u00e9milie@b\u00fccher.example, \u00e9***@b***.example", "e\u0301milie@example.org, e\u0301***@e***.org",
        "\u7528\u6237\u540d@\u4f8b\u5b50\u7f51.\u4e2d\u56fd, \u7528***@\u4f8b***.\u4e2d\u56fd",
        "_alice@example.org, ***@e***.org", "alice@[192.0.2.1], a***@***"})
    void leavesOfAnEmailAddressWhatItsOwnerKnows(String address, String shown) {
        if (Address.parse(Medium.EMAIL, address).isOk()) {
            assertThat(Redaction.of(Address.of(Medium.EMAIL, address))).isEqualTo(shown.replace("***",
                    "\u2022\u2022\u2022"));
        }
    }

    @ParameterizedTest
    @CsvSource({"447700900389, +44 *** 89", "12025550143, +1 *** 43", "4930123456, +49 *** 56", "35212345, +352***",
        "99912345678, +*** 78"})
    void leavesOfANumberItsCountryAndItsEnd(String number, String shown) {
        assertThat(Redaction.of(Address.of(Medium.MSISDN, number)))
                .isEqualTo(shown.replace("***", "\u2022\u2022\u2022"));
    }

    @Test
    void tellsNotHowMuchIsLeftOut() {
        assertThat(Redaction.of(Address.of(Medium.EMAIL, "abc@example.org")))
                .isEqualTo(Redaction.of(Address.of(Medium.EMAIL, "a".repeat(60) + "@e" + "x".repeat(50) + ".org")));
    }
}
