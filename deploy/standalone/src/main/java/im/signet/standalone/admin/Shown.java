package im.signet.standalone.admin;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNull;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Results as people read them, or as a line of JSON. Nothing in them moves the cursor or turns a line around. */
final class Shown {

    private Shown() {}

    /** Prints a result. */
    static void print(PrintWriter out, JsonObject result, boolean json) {
        if (json) {
            out.println(StrictJson.write(result));
        } else {
            print(out, result, 0);
        }
    }

    private static void print(PrintWriter out, JsonObject object, int depth) {
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            String name = "  ".repeat(depth) + member.getKey().replace('_', ' ') + ":";
            switch (member.getValue()) {
                case JsonObject inner -> {
                    out.println(name);
                    print(out, inner, depth + 1);
                }
                case JsonArray array when array.items().isEmpty() -> out.println(name + " none");
                case JsonArray array -> {
                    out.println(name);
                    print(out, array.items(), depth + 1);
                }
                default -> out.println(name + " " + plain(member.getValue()));
            }
        }
    }

    private static void print(PrintWriter out, List<Json> items, int depth) {
        for (Json item : items) {
            String begin = "  ".repeat(depth) + "- ";
            if (item instanceof JsonObject object) {
                StringBuilder line = new StringBuilder();
                object.members()
                        .forEach((name, value) -> line.append(line.isEmpty() ? "" : ", ")
                                .append(name.replace('_', ' '))
                                .append(' ')
                                .append(plain(value)));
                out.println(begin + line);
            } else {
                out.println(begin + plain(item));
            }
        }
    }

    private static String plain(Json value) {
        return switch (value) {
            case JsonString(String text) -> of(text);
            case JsonNull _ -> "none";
            default -> of(StrictJson.write(value));
        };
    }

    /** Returns a text without what a terminal would obey. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
                    shown.append('?');
                default -> shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
