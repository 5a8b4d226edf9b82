package im.signet.protocol.json;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** Writes values as text without blanks, escaping only what JSON does not allow as it is. */
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder();
    private final boolean sorted;

    private JsonWriter(boolean sorted) {
        this.sorted = sorted;
    }

    /** Returns {@code value} with its members in order, or sorted by the code points of their names. */
    static String write(Json value, boolean sorted) {
        JsonWriter writer = new JsonWriter(sorted);
        writer.append(value);
        return writer.text.toString();
    }

    private void append(Json value) {
        if (value instanceof JsonObject object) {
            append(object);
        } else if (value instanceof JsonArray array) {
            append(array);
        } else if (value instanceof JsonString string) {
            append(string.value());
        } else if (value instanceof JsonNumber number) {
            text.append(NumberText.write(number));
        } else if (value instanceof JsonBoolean bool) {
            text.append(bool.value());
        } else {
            text.append("null");
        }
    }

    private void append(JsonObject object) {
        Map<String, Json> members = object.members();
        if (sorted) {
            members = new TreeMap<>(CodePointOrder.INSTANCE);
            members.putAll(object.members());
        }
        char separator = '{';
        for (Map.Entry<String, Json> member : members.entrySet()) {
            text.append(separator);
            append(member.getKey());
            text.append(':');
            append(member.getValue());
            separator = ',';
        }
        text.append(members.isEmpty() ? "{}" : "}");
    }

    private void append(JsonArray array) {
        char separator = '[';
        for (Json item : array.items()) {
            text.append(separator);
            append(item);
            separator = ',';
        }
        text.append(array.items().isEmpty() ? "[]" : "]");
    }

    private void append(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\f' -> text.append("\\f");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /** Orders strings by code points; {@link String#compareTo} would put U+1F600, a surrogate pair, before U+FF5E. */
    private enum CodePointOrder implements Comparator<String> {
        INSTANCE;

        @Override
        public int compare(String left, String right) {
            int shorter = Math.min(left.length(), right.length());
            for (int i = 0; i < shorter; i++) {
                char l = left.charAt(i);
                char r = right.charAt(i);
                if (l != r) {
                    boolean onlyOneIsSurrogate = Character.isSurrogate(l) != Character.isSurrogate(r);
                    return onlyOneIsSurrogate
                            ? Boolean.compare(Character.isSurrogate(l), Character.isSurrogate(r))
                            : l - r;
                }
            }
            return left.length() - right.length();
        }
    }
}
