package im.signet.cli;

import java.util.List;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A camera that looks at a terminal reads what was written. */
class QrCodeTest {

    private static final int SCALE = 4;

    /** What a terminal shows: blocks light on dark, or dark on light. */
    private static final class Screen extends LuminanceSource {

        private final List<String> lines;
        private final boolean darkBackground;

        Screen(List<String> lines, boolean darkBackground) {
            super(lines.getFirst().length() * SCALE, lines.size() * 2 * SCALE);
            this.lines = lines;
            this.darkBackground = darkBackground;
        }

        private byte at(int x, int y) {
            char c = lines.get(y / SCALE / 2).charAt(x / SCALE);
            boolean block = c == '\u2588' || c == (y / SCALE % 2 == 0 ? '\u2580' : '\u2584');
            return (byte) (block == darkBackground ? 255 : 0);
        }

        @Override
        public byte[] getRow(int y, byte[] row) {
            byte[] all = row == null || row.length < getWidth() ? new byte[getWidth()] : row;
            for (int x = 0; x < getWidth(); x++) {
                all[x] = at(x, y);
            }
            return all;
        }

        @Override
        public byte[] getMatrix() {
            byte[] all = new byte[getWidth() * getHeight()];
            for (int i = 0; i < all.length; i++) {
                all[i] = at(i % getWidth(), i / getWidth());
            }
            return all;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isReadFromATerminal(boolean darkBackground) throws Exception {
        String text = "SIGNET:AEZJ7VQ2" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".repeat(4);
        List<String> lines = QrCode.lines(text, darkBackground);
        assertThat(lines).allMatch(line -> line.length() == lines.getFirst().length());
        BinaryBitmap picture = new BinaryBitmap(new GlobalHistogramBinarizer(new Screen(lines, darkBackground)));
        assertThat(new QRCodeReader().decode(picture).getText()).isEqualTo(text);
    }
}
