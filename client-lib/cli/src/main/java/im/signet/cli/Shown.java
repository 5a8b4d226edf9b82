package im.signet.cli;

/** Makes text harmless that may come from a server or another person: it cannot move the cursor, colour, or turn a line round. */
final class Shown {

    private static final char REPLACEMENT = '\uFFFD';

    private Shown() {}

    /** Returns the text with a replacement for each control, direction and invisible character, lines but kept apart. */
    static String text(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || !isHarmful(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(REPLACEMENT);
            }
        });
        return shown.toString();
    }

    /** As {@link #text}, on one line. */
    static String line(String text) {
        return text(text).replace('\n', ' ');
    }

    /** Returns JSON with the same characters escaped; they stand in strings only. */
    static String json(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (isHarmful(c)) {
                for (char unit : Character.toChars(c)) {
                    escaped.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    private static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }
}
