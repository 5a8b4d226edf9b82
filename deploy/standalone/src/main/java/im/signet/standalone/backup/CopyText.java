package im.signet.standalone.backup;

import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/** PostgreSQL's text format of COPY: a row a line, values between tabs, with backslashes before what is special. */
final class CopyText {

    private CopyText() {}

    /** Returns a value as it was before it was written; null for the word for none. */
    static @Nullable String read(String written) {
        if (written.equals("\\N")) {
            return null;
        }
        if (written.indexOf('\\') < 0) {
            return written;
        }
        StringBuilder value = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\\' && i + 1 < written.length()) {
                char escaped = written.charAt(++i);
                value.append(switch (escaped) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'v' -> '\013';
                    default -> escaped;
                });
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    /** Returns the bytes of a value of the type bytea. */
    static byte[] bytes(String value) {
        if (!value.startsWith("\\x")) {
            throw new IllegalStateException("it is no value of bytes");
        }
        return HexFormat.of().parseHex(value, 2, value.length());
    }
}
