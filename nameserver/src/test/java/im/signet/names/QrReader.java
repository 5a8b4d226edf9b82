package im.signet.names;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.Result;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;

import static org.assertj.core.api.Assertions.assertThat;

/** Reads the QR code that is drawn on a page, by a reader that is not of whoever draws it. */
public final class QrReader {

    private static final Pattern CODE = Pattern.compile("<svg viewBox=\"0 0 (\\d+) \\1\"[^>]*>"
            + "<rect width=\"\\1\" height=\"\\1\" fill=\"#fff\"/><path fill=\"#000\" d=\"([^\"]*)\"/></svg>");
    private static final Pattern RUN = Pattern.compile("M(\\d+),(\\d+)h(\\d+)v1h-\\3z");
    private static final int PIXELS = 4;
    private static final int WHITE = 0xFFFFFF;
    private static final int ALPHANUMERIC = 2;

    private QrReader() {}

    /** Returns the text of the one code in that HTML, which is in QR's alphanumeric mode. */
    public static String read(String html) {
        Matcher code = CODE.matcher(html);
        assertThat(code.find()).as(html).isTrue();
        int modules = Integer.parseInt(code.group(1));
        int side = modules * PIXELS;
        int[] pixels = new int[side * side];
        Arrays.fill(pixels, WHITE);
        assertThat(RUN.matcher(code.group(2)).replaceAll("")).as("what is drawn besides").isEmpty();
        RUN.matcher(code.group(2)).results().forEach(run -> {
            int x = Integer.parseInt(run.group(1));
            int y = Integer.parseInt(run.group(2));
            int end = x + Integer.parseInt(run.group(3));
            assertThat(Math.min(x, y)).as("the quiet zone before").isGreaterThanOrEqualTo(4);
            assertThat(Math.max(end, y + 1)).as("the quiet zone behind").isLessThanOrEqualTo(modules - 4);
            for (int row = y * PIXELS; row < (y + 1) * PIXELS; row++) {
                Arrays.fill(pixels, row * side + x * PIXELS, row * side + end * PIXELS, 0);
            }
        });
        assertThat(code.find()).as("a second code").isFalse();
        try {
            Result read = new QRCodeReader().decode(
                    new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(side, side, pixels))),
                    Map.of(DecodeHintType.PURE_BARCODE, true));
            assertThat((read.getRawBytes()[0] & 0xF0) >> 4).as("mode").isEqualTo(ALPHANUMERIC);
            return read.getText();
        } catch (ReaderException unreadable) {
            throw new AssertionError("no code", unreadable);
        }
    }
}
