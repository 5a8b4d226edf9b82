package im.signet.protocol.signature;

import im.signet.protocol.Parsed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyIdTest {
    @ParameterizedTest
    @CsvSource({"ed25519:0, ed25519, 0", "ed25519:auto, ed25519, auto", "ed25519:a_BcD, ed25519, a_BcD",
        "curve25519:1, curve25519, 1"})
    void takesApartWhatItAccepts(String text, String algorithm, String version) {
        KeyId id = KeyId.parse(text).orElseThrow();

        assertThat(id).isEqualTo(new KeyId(algorithm, version)).isEqualTo(KeyId.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "ed25519", "ed25519:", ":0", "ed25519:0:1", "ed25519:0 ", " ed25519:0",
        "ed25519:0\n", "ed25519:a-b",
        "ed25519:a/b", "ed25519:\u00e4", "ed25519%3A0", "ed25519:\0", "ed25519:\ud800"})
    void refusesAllOthers(String text) {
        assertThat(KeyId.parse(text)).isInstanceOf(Parsed.Refused.class);
        assertThatIllegalArgumentException().isThrownBy(() -> KeyId.of(text));
    }

    @Test
    void hasAtMost255Characters() {
        assertThat(KeyId.parse("ed25519:" + "a".repeat(247)).isOk()).isTrue();
        assertThat(KeyId.parse("ed25519:" + "a".repeat(248)).isOk()).isFalse();
        assertThat(KeyId.parse("a".repeat(1_000_000) + ":0").isOk()).isFalse();
    }
}
