package im.signet.kit.journal;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/** Tells a whole line from one that was cut short or damaged. */
final class Checksum {

    private static final int LENGTH = 8;

    private Checksum() {}

    static String with(String line) {
        return line + " " + of(line);
    }

    /** Returns the line without its checksum; empty when that is not right. */
    static Optional<String> without(String line) {
        int end = line.length() - LENGTH - 1;
        return end > 0 && line.charAt(end) == ' ' && of(line.substring(0, end)).equals(line.substring(end + 1))
                ? Optional.of(line.substring(0, end))
                : Optional.empty();
    }

    private static String of(String line) {
        CRC32 crc = new CRC32();
        crc.update(line.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
