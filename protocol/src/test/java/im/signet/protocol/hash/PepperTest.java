package im.signet.protocol.hash;

import im.signet.protocol.Parsed;

import java.security.SecureRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PepperTest {
    @ParameterizedTest
    @ValueSource(strings = {"m", "matrixrocks", "0AZaz9"})
    void acceptsLettersAndDigits(String text) {
        assertThat(Pepper.parse(text).orElseThrow().value()).isEqualTo(text);
    }

    // A blank would let one hash stand for two addresses.
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "a-b", "a_b", "a.b", "\u00e4", "\u0661", "a\0", "\ud800"})
    void refusesAllOthers(String text) {
        assertThat(Pepper.parse(text)).isInstanceOf(Parsed.Refused.class);
        assertThatIllegalArgumentException().isThrownBy(() -> Pepper.of(text));
    }

    @Test
    void hasAtMost255Characters() {
        assertThat(Pepper.parse("a".repeat(255)).isOk()).isTrue();
        assertThat(Pepper.parse("a".repeat(256)).isOk()).isFalse();
    }

    @Test
    void isMadeOf32CharactersThatDiffer() {
        SecureRandom random = new SecureRandom();

        assertThat(Pepper.generate(random).value()).matches("[0-9A-Za-z]{32}");
        assertThat(Pepper.generate(random)).isNotEqualTo(Pepper.generate(random));
    }

    @Test
    void isEqualByValueAndHidden() {
        assertThat(Pepper.of("abc")).isEqualTo(Pepper.of("abc"))
                .hasSameHashCodeAs(Pepper.of("abc"))
                .isNotEqualTo(Pepper.of("abd"))
                .isNotEqualTo(Pepper.of("ab"))
                .hasToString("Pepper[hidden]");
    }
}
