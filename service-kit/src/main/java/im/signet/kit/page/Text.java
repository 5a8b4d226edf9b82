package im.signet.kit.page;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in one language, such as {@code You are invited by {sender}}: words, with the names of values in braces. Nothing
 * in it is ever evaluated.
 *
 * @param where the file and line it stands in
 */
record Text(String where, List<Piece> pieces) {

    private static final Pattern VALUE = Pattern.compile("\\{([a-zA-Z]+)}");

    /** A part of a text. */
    sealed interface Piece {

        /** Words, as they are. */
        record Words(String words) implements Piece {}

        /** The place of a value. */
        record Value(String name) implements Piece {}
    }

    /** Reads a text; where a brace is no value's, it is one of the words. */
    static Text parse(String where, String written) {
        List<Piece> pieces = new ArrayList<>();
        Matcher value = VALUE.matcher(written);
        int at = 0;
        while (value.find()) {
            if (value.start() > at) {
                pieces.add(new Piece.Words(written.substring(at, value.start())));
            }
            pieces.add(new Piece.Value(value.group(1)));
            at = value.end();
        }
        if (at < written.length()) {
            pieces.add(new Piece.Words(written.substring(at)));
        }
        return new Text(where, List.copyOf(pieces));
    }

    /** Returns the names of the values in it. */
    Set<String> values() {
        Set<String> names = new LinkedHashSet<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Value(String name)) {
                names.add(name);
            }
        }
        return names;
    }

    boolean isBlank() {
        return pieces.stream().allMatch(piece -> piece instanceof Piece.Words(String words) && words.isBlank());
    }

    /** Returns whether a brace stands in it that belongs to no value. */
    boolean hasStrayBrace() {
        return pieces.stream()
                .anyMatch(piece -> piece instanceof Piece.Words(String words)
                        && (words.contains("{") || words.contains("}")));
    }
}
