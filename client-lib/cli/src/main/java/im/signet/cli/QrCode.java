package im.signet.cli;

import java.util.ArrayList;
import java.util.List;

/** Draws QR codes with block characters, two modules a character, so that a camera reads them from a terminal. */
final class QrCode {

    private static final int QUIET = 4;

    private QrCode() {}

    /**
     * Returns the lines of a code.
     *
     * @param darkBackground whether blocks are light on dark, as in most terminals; cameras read both
     */
    static List<String> lines(String text, boolean darkBackground) {
        io.nayuki.qrcodegen.QrCode code = io.nayuki.qrcodegen.QrCode.encodeText(text,
                io.nayuki.qrcodegen.QrCode.Ecc.LOW);
        List<String> lines = new ArrayList<>();
        for (int y = -QUIET; y < code.size + QUIET; y += 2) {
            StringBuilder line = new StringBuilder();
            for (int x = -QUIET; x < code.size + QUIET; x++) {
                boolean upper = code.getModule(x, y) != darkBackground;
                boolean lower = code.getModule(x, y + 1) != darkBackground;
                line.append(upper ? lower ? '\u2588' : '\u2580' : lower ? '\u2584' : ' ');
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
