package im.signet.protocol;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ParsedTest {
    private final Parsed<String> ok = Parsed.ok("alice@example.com");
    private final Parsed<String> refused = Parsed.refused("too long");

    @Test
    void hasAValueOrAReason() {
        assertThat(ok.isOk()).isTrue();
        assertThat(ok.toOptional()).contains("alice@example.com");
        assertThat(refused.isOk()).isFalse();
        assertThat(refused.toOptional()).isEmpty();
    }

    @Test
    void throwsTheReasonWhereThereIsNoValue() {
        assertThat(ok.orElseThrow()).isEqualTo("alice@example.com");
        assertThatIllegalArgumentException().isThrownBy(refused::orElseThrow).withMessage("too long");
        assertThatThrownBy(() -> refused.orElseThrow(IllegalStateException::new))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("too long");
    }

    @Test
    void carriesARefusalThroughMapAndFlatMap() {
        assertThat(ok.map(String::length)).isEqualTo(Parsed.ok(17));
        assertThat(refused.map(String::length)).isEqualTo(Parsed.refused("too long"));
        assertThat(ok.flatMap(value -> Parsed.refused("no"))).isEqualTo(Parsed.refused("no"));
        assertThat(refused.flatMap(value -> Parsed.ok(1))).isEqualTo(Parsed.refused("too long"));
    }

    @Test
    void doesNotShowAValueInLogs() {
        assertThat(ok).hasToString("Ok[String]");
    }
}
