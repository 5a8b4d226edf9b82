package im.signet.identity.invitation;

import java.util.regex.Pattern;

/**
 * Names that a stranger chose, made fit to be shown in a mail or on a page: short, on one line, without characters that
 * steer the text around them, and without anything that a mail program would make a link of.
 */
final class ShownName {

    /** The greatest length of a sender's name, as Sydent has it. */
    static final int SENDER = 20;
    /** The greatest length of a room's name, as Sydent has it. */
    static final int ROOM = 26;

    // Every kind of dot that names of hosts are written with, and the colon of "https:" and of user ids.
    private static final Pattern JOINT = Pattern
            .compile("(?<=\\S)[.:\\u2024\\u3002\\uFE52\\uFE55\\uFF0E\\uFF1A\\uFF61](?=\\S)");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final String MIDDLE_DOT = "\u00B7";
    private static final String ELLIPSIS = "\u2026";

    private ShownName() {}

    /** Returns the name as it may be shown, in at most {@code max} characters; empty when nothing is left. */
    static String of(String name, int max) {
        StringBuilder visible = new StringBuilder(name.length());
        name.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                        Character.SPACE_SEPARATOR ->
                    visible.append(' ');
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {
                    // invisible, or of no certain meaning
                }
                default -> visible.appendCodePoint(c);
            }
        });
        String oneLine = BLANKS.matcher(visible).replaceAll(" ").strip();
        String inert = JOINT.matcher(oneLine).replaceAll(MIDDLE_DOT);
        return inert.codePointCount(0, inert.length()) <= max
                ? inert
                : inert.substring(0, inert.offsetByCodePoints(0, max - 1)).strip() + ELLIPSIS;
    }
}
