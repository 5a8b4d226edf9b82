package im.signet.names.page;

import im.signet.names.QrReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class QrCodeTest {

    /** 72 and 530 characters are those of a card without a handle, and with the longest. */
    @ParameterizedTest
    @ValueSource(ints = {1, 72, 100, 530})
    void isReadAsItWasWritten(int characters) {
        String text = "SIGNET:" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".repeat(17).substring(0, characters);
        assertThat(QrReader.read(QrCode.of(text).html())).isEqualTo(text);
    }

    @Test
    void isOfNoTextThatNeedsAnotherMode() {
        assertThatIllegalArgumentException().isThrownBy(() -> QrCode.of("signet:"));
    }
}
