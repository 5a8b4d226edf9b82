package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** {@link ClientSecret} and {@link SessionId}, which share a grammar. */
class OpaqueIdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "monkeys_are_GREAT", "a.b=c_d-e", "...", "-"})
    void acceptsTheCharactersOfTheSpecification(String text) {
        assertThat(ClientSecret.parse(text).orElseThrow().value()).isEqualTo(text);
        assertThat(SessionId.parse(text).orElseThrow().value()).isEqualTo(text);
    }

    // CVE-2021-29433 of Sydent: unchecked lengths; and its '$' let a line break through.
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\na", "a\r\n", "a\0", "a/b", "a+b", "a:b", "a,b", "\u00e4",
        "\u0661", "\uff41", "\ud800"})
    void refusesAllOthers(String text) {
        assertThat(ClientSecret.parse(text)).isInstanceOf(Parsed.Refused.class);
        assertThat(SessionId.parse(text)).isInstanceOf(Parsed.Refused.class);
        assertThatIllegalArgumentException().isThrownBy(() -> ClientSecret.of(text));
        assertThatIllegalArgumentException().isThrownBy(() -> SessionId.of(text));
    }

    @Test
    void hasAtMost255Characters() {
        assertThat(ClientSecret.parse("a".repeat(255)).isOk()).isTrue();
        assertThat(ClientSecret.parse("a".repeat(256)).isOk()).isFalse();
        assertThat(SessionId.parse("a".repeat(255)).isOk()).isTrue();
        assertThat(SessionId.parse("a".repeat(1_000_000)).isOk()).isFalse();
    }

    @Test
    void secretsAreEqualByValueAndHidden() {
        assertThat(ClientSecret.of("monkey")).isEqualTo(ClientSecret.of("monkey"))
                .hasSameHashCodeAs(ClientSecret.of("monkey"))
                .isNotEqualTo(ClientSecret.of("monkez"))
                .isNotEqualTo(ClientSecret.of("monke"))
                .hasToString("ClientSecret[hidden]");
    }

    @Test
    void sessionIdsMayBeShown() {
        assertThat(SessionId.of("123")).hasToString("123");
    }
}
