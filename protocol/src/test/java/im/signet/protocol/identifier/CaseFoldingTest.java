package im.signet.protocol.identifier;

import java.nio.file.Files;
import java.nio.file.Path;

import com.ibm.icu.lang.UCharacter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CaseFoldingTest {
    @ParameterizedTest
    @CsvSource({"STRASSE, strasse", "Stra\u00dfe, strasse", "\u1e9e, ss", "\ufb03, ffi", "\u03a3\u03c2, \u03c3\u03c3",
        "I, i",
        "\u0131, \u0131", "\u13a0, \u13a0", "\uab70, \u13a0", "\u1c80, \u0432"})
    void folds(String text, String folded) {
        assertThat(CaseFolding.fold(text)).isEqualTo(folded);
    }

    @Test
    void isTheSameAsIcuForEveryCodePoint() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String text = Character.toString(codePoint);
            String folded = CaseFolding.fold(text);
            if (!folded.equals(UCharacter.foldCase(text, true))) {
                assertThat(folded).as("U+%X", codePoint).isEqualTo(UCharacter.foldCase(text, true));
            }
        }
    }

    @Test
    void changesNothingTheSecondTime() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String folded = CaseFolding.fold(Character.toString(codePoint));
            if (!CaseFolding.fold(folded).equals(folded)) {
                assertThat(CaseFolding.fold(folded)).as("U+%X", codePoint).isEqualTo(folded);
            }
        }
    }

    @Test
    void isTheTableThatItsGeneratorWrites() throws Exception {
        Path table = Path.of("src/main/java/im/signet/protocol/identifier/CaseFoldingTable.java");

        assertThat(Files.readString(table)).isEqualTo(CaseFoldingTableGenerator.source());
    }
}
