package im.signet.identity.block;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AddressRangeTest {

    private static final Address MAIL = Address.of(Medium.EMAIL, "Bob@Mail.Example.org");
    private static final Address NUMBER = Address.of(Medium.MSISDN, "4479460000");

    @Test
    void isADomainOrAllBelowIt() {
        assertThat(AddressRange.domain("mail.EXAMPLE.org").orElseThrow().contains(MAIL)).isTrue();
        assertThat(AddressRange.domain("*.example.org").orElseThrow().contains(MAIL)).isTrue();
        assertThat(AddressRange.domain("example.org").orElseThrow().contains(MAIL)).isFalse();
        assertThat(AddressRange.domain("*.mail.example.org").orElseThrow().contains(MAIL)).isFalse();
        assertThat(AddressRange.domain("*.ample.org").orElseThrow().contains(MAIL)).isFalse();
        assertThat(AddressRange.domain("mail.example.org").orElseThrow().contains(NUMBER)).isFalse();
        // As addresses have it, in whatever script.
        assertThat(AddressRange.domain("STRA\u1e9eE.example").orElseThrow())
                .isEqualTo(AddressRange.domain("stra\u00dfe.example").orElseThrow());
    }

    @Test
    void isHowNumbersBegin() {
        assertThat(AddressRange.prefix("+4").orElseThrow().contains(NUMBER)).isTrue();
        assertThat(AddressRange.prefix("+447946").orElseThrow().contains(NUMBER)).isTrue();
        assertThat(AddressRange.prefix("+7946").orElseThrow().contains(NUMBER)).isFalse();
        assertThat(AddressRange.prefix("+4").orElseThrow().contains(MAIL)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "org", "*", "*.", "*.org", "*.*.example.org", "a@b.example", "b .example",
        "b\u0000.example",
        "127.0.0.1", ".example.org", "example.org."})
    void isNoOtherText(String text) {
        assertThat(AddressRange.domain(text).isOk()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "44", "+044", "+44 7", "+1234567890123456", "+\u0661"})
    void beginsWithAPlusAndDigits(String text) {
        assertThat(AddressRange.prefix(text).isOk()).isFalse();
    }
}
