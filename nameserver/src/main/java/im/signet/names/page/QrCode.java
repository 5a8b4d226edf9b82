package im.signet.names.page;

import im.signet.kit.page.Markup;

import java.util.List;

import io.nayuki.qrcodegen.QrSegment;

/** The picture of a text that a camera reads, for a page: black on white whatever the page's colours are. */
final class QrCode {

    // The margin that ISO/IEC 18004 asks for.
    private static final int QUIET = 4;

    private QrCode() {}

    /**
     * Returns the picture. It says nothing to those who do not see it: what stands around it has to name it.
     *
     * @param text of digits, upper-case letters and {@code :}, which QR's alphanumeric mode has
     */
    static Markup of(String text) {
        io.nayuki.qrcodegen.QrCode code = io.nayuki.qrcodegen.QrCode.encodeSegments(
                List.of(QrSegment.makeAlphanumeric(text)), io.nayuki.qrcodegen.QrCode.Ecc.MEDIUM);
        int side = code.size + 2 * QUIET;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 %1$d %1$d\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">"
                .formatted(side));
        svg.append("<rect width=\"%1$d\" height=\"%1$d\" fill=\"#fff\"/><path fill=\"#000\" d=\"".formatted(side));
        for (int y = 0; y < code.size; y++) {
            int x = 0;
            while (x < code.size) {
                int end = x;
                while (code.getModule(end, y)) {
                    end++;
                }
                if (end > x) {
                    svg.append("M%d,%dh%dv1h-%dz".formatted(x + QUIET, y + QUIET, end - x, end - x));
                }
                x = end + 1;
            }
        }
        return new Markup(svg.append("\"/></svg>").toString());
    }
}
