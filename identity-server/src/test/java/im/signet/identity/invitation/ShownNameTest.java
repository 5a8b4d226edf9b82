package im.signet.identity.invitation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ShownNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"Alice", "Ren\u00E9e \u738B", "Team: garden", "Dr. No", "Bob \uD83C\uDF3B", "a & b < c"})
    void leavesOrdinaryNamesAlone(String name) {
        assertThat(ShownName.of(name, ShownName.SENDER)).isEqualTo(name);
    }

    @Test
    void cutsByCharactersAndSaysSo() {
        assertThat(ShownName.of("a".repeat(20), 20)).isEqualTo("a".repeat(20));
        assertThat(ShownName.of("a".repeat(21), 20)).isEqualTo("a".repeat(19) + "\u2026");
        String flowers = ShownName.of("\uD83C\uDF3B".repeat(30), 26);
        assertThat(flowers.codePointCount(0, flowers.length())).isEqualTo(26);
        assertThat(flowers).endsWith("\uDF3B\u2026");
    }

    @ParameterizedTest
    @CsvSource({"https://evil.example, https\u00B7//evil\u00B7example", "www.evil.example, www\u00B7evil\u00B7example",
        "x@evil.example, x@evil\u00B7example", "@bank:evil.example, @bank\u00B7evil\u00B7example",
        "evil\u3002example, evil\u00B7example", "evil\uFF0Eexample, evil\u00B7example"})
    void leavesNothingThatAMailProgramWouldLink(String name, String shown) {
        assertThat(ShownName.of(name, ShownName.ROOM)).isEqualTo(shown);
    }

    @Test
    void isOneLineWithoutCharactersThatSteerTheText() {
        assertThat(ShownName.of(" a\r\nBcc: b\u2028c\u0000d\u00A0 \t e ", ShownName.ROOM)).isEqualTo("a Bcc: b c d e");
        assertThat(ShownName.of("a\u202Eb\u200Bc\uFEFF\u2066d\uE000", ShownName.ROOM)).isEqualTo("abcd");
    }

    @Test
    void mayComeToNothing() {
        assertThat(ShownName.of("", ShownName.ROOM)).isEmpty();
        assertThat(ShownName.of("\u200B \r\n", ShownName.ROOM)).isEmpty();
    }
}
