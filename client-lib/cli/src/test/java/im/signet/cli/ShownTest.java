package im.signet.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ShownTest {

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "\u009b1m", "\r", "\b", "\u202e", "\u2066", "\u200b", "\u2028", "\0",
        "\ud800"})
    void takesAwayWhatMovesTheCursorOrTurnsALine(String harmful) {
        assertThat(Shown.text("a" + harmful + "b")).startsWith("a\uFFFD").endsWith("b").doesNotContain(harmful);
    }

    @Test
    void keepsWhatPeopleRead() {
        assertThat(Shown.text("Jos\u00e9 \u05d0\u05d1\u05d2 \ud83d\ude00\nnext")).isEqualTo(
                "Jos\u00e9 \u05d0\u05d1\u05d2 \ud83d\ude00\nnext");
        assertThat(Shown.line("one\nline")).isEqualTo("one line");
    }

    @Test
    void escapesTheSameInJson() {
        assertThat(Shown.json("{\"a\":\"\u009b\u202e \u00e9 \udb40\udc01\"}"))
                .isEqualTo("{\"a\":\"\\u009b\\u202e \u00e9 \\udb40\\udc01\"}");
    }
}
