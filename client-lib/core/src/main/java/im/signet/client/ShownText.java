package im.signet.client;

/** Texts of a server that are shown to the user: one line, without characters that change how the rest is shown. */
final class ShownText {
    private static final int MAX_CODE_POINTS = 200;

    private ShownText() {}

    /** Returns {@code text} with blanks for control and format characters, cut to 200 code points. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX_CODE_POINTS).map(c -> isShown(c) ? c : ' ').forEach(shown::appendCodePoint);
        return shown.toString().trim();
    }

    private static boolean isShown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE, Character.PRIVATE_USE ->
                false;
            default -> true;
        };
    }
}
