package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MediumTest {
    @ParameterizedTest
    @EnumSource
    void readsItsOwnName(Medium medium) {
        assertThat(Medium.parse(medium.wireName())).isEqualTo(Parsed.ok(medium));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EMAIL", "e-mail", "email ", "phone", "msisdn\n", "twitter"})
    void refusesOtherNames(String text) {
        assertThat(Medium.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void hasTheNamesOfTheSpecification() {
        assertThat(Medium.EMAIL.wireName()).isEqualTo("email");
        assertThat(Medium.MSISDN.wireName()).isEqualTo("msisdn");
    }
}
