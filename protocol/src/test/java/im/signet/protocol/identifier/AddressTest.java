package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.protocol.identifier.Medium.EMAIL;
import static im.signet.protocol.identifier.Medium.MSISDN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        // The example of the Matrix specification, appendices, "3PID Types".
        "Strau\u00df@Example.com,     strauss@example.com",
        "STRAUSS@EXAMPLE.COM,         strauss@example.com",
        "Alice@Example.COM,           alice@example.com",
        "alice+tag@example.com,       alice+tag@example.com",
        "a@b,                         a@b",
        "alice@localhost,             alice@localhost",
        "!#$%&*+-/=?^_`{|}~@b.example, !#$%&*+-/=?^_`{|}~@b.example",
        "a.b.c@x.y.z,                 a.b.c@x.y.z",
        "0@1.example,                 0@1.example",
        "\u00c4nne@B\u00fccher.example, \u00e4nne@b\u00fccher.example",
        "\u0391\u03a3@\u03a3.example, \u03b1\u03c3@\u03c3.example",
        "\u03c2@example.com,          \u03c3@example.com",
        "\u0130@example.com,          i\u0307@example.com",
        "\u212aelvin@example.com,     kelvin@example.com",
        "\u017f@example.com,          s@example.com",
        "\ud801\udc00@example.com,    \ud801\udc28@example.com",
        "\u65e5\u672c@\u4f8b.example, \u65e5\u672c@\u4f8b.example",
        "\u0915\u094d\u0937@example.com, \u0915\u094d\u0937@example.com",
        "\u0661@example.com,          \u0661@example.com"})
    void foldsEmailAddresses(String text, String canonical) {
        Address address = Address.parse(EMAIL, text).orElseThrow();

        assertThat(address.value()).isEqualTo(canonical);
        assertThat(address).isEqualTo(new Address(EMAIL, canonical)).isEqualTo(Address.of(EMAIL, text));
        assertThat(Address.parse(EMAIL, address.value())).isEqualTo(Parsed.ok(address));
    }

    // CVE-2019-11340 of Sydent: an address that two programs read in two ways proves the wrong mailbox.
    @ParameterizedTest
    @ValueSource(strings = {"a@b@example.com", "a@example.com@evil.example", "@example.com", "a@", "@", "", "a",
        "a@@example.com",
        "Alice <a@example.com>", "<a@example.com>", "mailto:a@example.com", "a@example.com,b@example.com",
        "a@example.com;b@example.com", "a@example.com b@example.com", "a(comment)@example.com",
        "a@(comment)example.com",
        "a@example.com(comment)", "\"a\"@example.com", "\"a b\"@example.com", "\"a@b\"@example.com", "\"\"@example.com",
        "a\\@b@example.com", "group:a@example.com;", "@relay.example:a@example.com", "a%b@c@example.com",
        "a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1", "a@1", "a@example.1", "a@0x7f000001", "a@example.0x1"})
    void refusesWhatTwoProgramsCouldReadInTwoWays(String text) {
        assertThat(Address.parse(EMAIL, text)).isInstanceOf(Parsed.Refused.class);
        assertThat(Address.lowerCased(EMAIL, text)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" a@example.com", "a@example.com ", "a @example.com", "a@ example.com", "a@exa mple.com",
        "a\t@example.com",
        "a@example.com\r\nBcc: b@example.com", "a@example.com\n", "a\0@example.com", "a@example.com\0",
        "a\u007f@example.com",
        "a\u0085@example.com", "a\u00a0b@example.com", "a\u2028@example.com", "a\u202eb@example.com",
        "a\u200eb@example.com",
        "a\u2066b@example.com", "a\u200bb@example.com", "a\u200db@example.com", "a\ufeffb@example.com",
        "a\u00adb@example.com",
        "a\ufe0f@example.com", "a\u034f@example.com", "\u3164@example.com", "a\udb40\udd00@example.com",
        "\ud800@example.com",
        "a@\udc00example.com", "\ue000@example.com", "\uffff@example.com", "\u0378@example.com",
        "\ud83d\ude00@example.com",
        "\u00bd@example.com", "\u2167@example.com"})
    void refusesControlsBlanksAndWhatCannotBeSeen(String text) {
        assertThat(Address.parse(EMAIL, text)).isInstanceOf(Parsed.Refused.class);
        assertThat(Address.lowerCased(EMAIL, text)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".a@example.com", "a.@example.com", "a..b@example.com", ".@example.com", "a@.example.com",
        "a@example.com.", "a@example..com", "a@-example.com", "a@example-.com", "a@example.-com", "a@exa_mple.com",
        "a@exa+mple.com", "a@exa!mple.com", "a@example.com:25", "a@example.com/", "a@example\u3002com",
        "a@example\uff0ecom",
        "a\uff20example.com", "a@exa\u2024mple.com"})
    void refusesDotsAndSymbolsInTheWrongPlace(String text) {
        assertThat(Address.parse(EMAIL, text)).isInstanceOf(Parsed.Refused.class);
        assertThat(Address.lowerCased(EMAIL, text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void limitsTheLocalPartTo64Bytes() {
        assertThat(Address.parse(EMAIL, "a".repeat(64) + "@example.com").isOk()).isTrue();
        assertThat(Address.parse(EMAIL, "a".repeat(65) + "@example.com").isOk()).isFalse();
        assertThat(Address.parse(EMAIL, "\u65e5".repeat(21) + "@example.com").isOk()).isTrue();
        assertThat(Address.parse(EMAIL, "\u65e5".repeat(22) + "@example.com").isOk()).isFalse();
    }

    @Test
    void limitsTheDomainPartsTo63Bytes() {
        assertThat(Address.parse(EMAIL, "a@" + "b".repeat(63) + ".example").isOk()).isTrue();
        assertThat(Address.parse(EMAIL, "a@" + "b".repeat(64) + ".example").isOk()).isFalse();
    }

    @Test
    void limitsTheWholeAddressTo254Bytes() {
        String domain = ("b".repeat(49) + ".").repeat(5) + "ab";

        assertThat(Address.parse(EMAIL, "a@" + domain).isOk()).isTrue();
        assertThat(("a@" + domain).getBytes(StandardCharsets.UTF_8)).hasSize(254);
        assertThat(Address.parse(EMAIL, "aa@" + domain).isOk()).isFalse();
        assertThat(Address.parse(EMAIL, "a".repeat(1_000_000) + "@example.com").isOk()).isFalse();
        assertThat(Address.parse(EMAIL, "a@" + "b.".repeat(500_000) + "c").isOk()).isFalse();
    }

    @Test
    void countsTheBytesAgainAfterFolding() {
        // U+0390 has two bytes and folds to three code points of six bytes.
        String grows = "\u0390".repeat(20) + "@example.com";

        assertThat(Address.lowerCased(EMAIL, grows).isOk()).isTrue();
        assertThat(Address.parse(EMAIL, grows)).isInstanceOf(Parsed.Refused.class);
        assertThat(Address.parse(EMAIL, "\u0390".repeat(10) + "@example.com").isOk()).isTrue();
    }

    @Test
    void lowerCasesWithoutFoldingWhereThatIsWhatWasHashed() {
        assertThat(Address.lowerCased(EMAIL, "Strau\u00df@Example.com"))
                .isEqualTo(Parsed.ok("strau\u00df@example.com"));
        assertThat(Address.lowerCased(EMAIL, "ALICE@EXAMPLE.COM")).isEqualTo(Parsed.ok("alice@example.com"));
        assertThat(Address.lowerCased(MSISDN, "18005552067")).isEqualTo(Parsed.ok("18005552067"));
        assertThat(Address.lowerCased(MSISDN, "alice@example.com").isOk()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "18005552067", "447700900000", "123456789012345"})
    void acceptsPhoneNumbersInTheirInternationalForm(String text) {
        assertThat(Address.parse(MSISDN, text).orElseThrow().value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1234", "1234567890123456", "+447700900000", "0447700900000", "00447700900000",
        "44 7700 900000",
        "44-7700-900000", "(44)7700900000", "447700900000\n", " 447700900000", "4477009x0000",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
        "\uff11\uff12\uff13\uff14\uff15\uff16", "alice@example.com", "12345\0"})
    void refusesOtherPhoneNumbers(String text) {
        assertThat(Address.parse(MSISDN, text)).isInstanceOf(Parsed.Refused.class);
    }

    // How Sydent writes display_name; the address itself must not be in it.
    @ParameterizedTest
    @CsvSource({
        "alice@example.com,        ali...@exa...",
        "bob@example.com,          b...@exa...",
        "al@example.com,           a...@exa...",
        "a@b.c,                    ...@b...",
        "a@b,                      ...@...",
        "\ud801\udc28\ud801\udc29\ud801\udc2a\ud801\udc2b@example.com, \ud801\udc28\ud801\udc29\ud801\udc2a...@exa..."})
    void redactsBothHalves(String text, String redacted) {
        assertThat(Address.of(EMAIL, text).redacted()).isEqualTo(redacted);
    }

    @Test
    void redactsPhoneNumbers() {
        assertThat(Address.of(MSISDN, "447700900000").redacted()).isEqualTo("447...");
    }

    @Test
    void staysOutOfLogs() {
        assertThat(Address.of(EMAIL, "alice@example.com")).hasToString("email[hidden]");
        assertThat(Address.of(MSISDN, "447700900000")).hasToString("msisdn[hidden]");
        assertThat(Address.parse(EMAIL, "alice@example.com").toString()).doesNotContain("alice");
        assertThatIllegalArgumentException().isThrownBy(() -> Address.of(EMAIL, "alice"))
                .withMessageNotContaining("alice");
    }

    @Test
    void canonicalFormIsItsOwnCanonicalFormWhateverTheAddress() {
        Random random = new Random(20261121);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = randomText(random) + "@" + randomText(random);
            if (Address.parse(EMAIL, text) instanceof Parsed.Ok<Address> ok) {
                accepted++;
                assertThat(Address.parse(EMAIL, ok.value().value())).isEqualTo(ok);
                assertThat(Address.lowerCased(EMAIL, ok.value().value()).isOk()).isTrue();
                assertThat(ok.value().value()).isEqualTo(UCharacter.foldCase(text, true));
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    @Test
    void acceptsNoInvisibleLetterOrMark() {
        for (int codePoint = 0x80; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT)) {
                assertThat(Address.parse(EMAIL, "a" + Character.toString(codePoint) + "@example.com").isOk())
                        .as("U+%X", codePoint)
                        .isFalse();
            }
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(5); length > 0; length--) {
            int limit = random.nextBoolean() ? 0x80 : random.nextInt(4) > 0 ? 0x600 : Character.MAX_CODE_POINT;
            text.appendCodePoint(random.nextInt(limit));
        }
        return text.toString();
    }
}
