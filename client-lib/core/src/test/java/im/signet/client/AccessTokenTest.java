package im.signet.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AccessTokenTest {
    private static AccessToken token(String text) {
        return AccessToken.parse(text).orElseThrow();
    }

    @Test
    void hidesItself() {
        assertThat(token("very-secret")).hasToString("AccessToken[hidden]");
        assertThat(AccessToken.parse("very-secret").toString()).doesNotContain("very-secret");
        assertThat(token("very-secret").reveal()).isEqualTo("very-secret");
    }

    @Test
    void equalsByValue() {
        assertThat(token("one")).isEqualTo(token("one")).hasSameHashCodeAs(token("one"));
        assertThat(token("one")).isNotEqualTo(token("two")).isNotEqualTo(token("one1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nX-Injected: 1", "caf\u00e9", "a\u0000", "a\u007f"})
    void refusesWhatWouldBreakAHeader(String text) {
        assertThat(AccessToken.parse(text).isOk()).isFalse();
    }

    @Test
    void refusesTheEndless() {
        assertThat(AccessToken.parse("x".repeat(4096)).isOk()).isTrue();
        assertThat(AccessToken.parse("x".repeat(4097)).isOk()).isFalse();
    }
}
