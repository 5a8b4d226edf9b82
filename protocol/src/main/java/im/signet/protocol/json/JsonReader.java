package im.signet.protocol.json;

import im.signet.protocol.Parsed;

import java.util.ArrayList;
import java.util.List;

/** Reads one JSON text from its first character to its last; recursive, as deep as {@code maxDepth} and no deeper. */
final class JsonReader {
    private final String text;
    private final int maxDepth;
    private int position;

    private JsonReader(String text, int maxDepth) {
        this.text = text;
        this.maxDepth = maxDepth;
    }

    /** Returns the value that {@code text} is; its surrogates are known to be paired. */
    static Parsed<Json> read(String text, int maxDepth) {
        JsonReader reader = new JsonReader(text, maxDepth);
        try {
            reader.skipBlanks();
            Json value = reader.readValue(0);
            reader.skipBlanks();
            return reader.position == text.length()
                    ? Parsed.ok(value)
                    : Parsed.refused("something follows the JSON value");
        } catch (SyntaxFault fault) {
            return Parsed.refused(fault.reason);
        }
    }

    private Json readValue(int depth) throws SyntaxFault {
        return switch (peek()) {
            case '{' -> readObject(deeper(depth));
            case '[' -> readArray(deeper(depth));
            case '"' -> new JsonString(readString());
            case 't' -> readWord("true", new JsonBoolean(true));
            case 'f' -> readWord("false", new JsonBoolean(false));
            case 'n' -> readWord("null", JsonNull.NULL);
            default -> readNumber();
        };
    }

    private int deeper(int depth) throws SyntaxFault {
        if (depth == maxDepth) {
            throw new SyntaxFault("JSON nested deeper than " + maxDepth + " is not read");
        }
        return depth + 1;
    }

    private JsonObject readObject(int depth) throws SyntaxFault {
        JsonObject.Builder object = JsonObject.builder();
        position++;
        skipBlanks();
        if (take('}')) {
            return object.build();
        }
        do {
            skipBlanks();
            if (peek() != '"') {
                throw new SyntaxFault("the name of a member is a string");
            }
            String name = readString();
            skipBlanks();
            if (!take(':')) {
                throw new SyntaxFault("a ':' follows the name of a member");
            }
            skipBlanks();
            if (!object.putNew(name, readValue(depth))) {
                throw new SyntaxFault("an object has the same name twice");
            }
            skipBlanks();
        } while (take(','));
        if (!take('}')) {
            throw new SyntaxFault("a ',' or '}' follows a member");
        }
        return object.build();
    }

    private JsonArray readArray(int depth) throws SyntaxFault {
        List<Json> items = new ArrayList<>();
        position++;
        skipBlanks();
        if (take(']')) {
            return JsonArray.of(items);
        }
        do {
            skipBlanks();
            items.add(readValue(depth));
            skipBlanks();
        } while (take(','));
        if (!take(']')) {
            throw new SyntaxFault("a ',' or ']' follows an item");
        }
        return JsonArray.of(items);
    }

    private Json readWord(String word, Json value) throws SyntaxFault {
        if (!text.startsWith(word, position)) {
            throw new SyntaxFault("not a JSON value");
        }
        position += word.length();
        return value;
    }

    private Json readNumber() throws SyntaxFault {
        int start = position;
        take('-');
        if (!take('0')) {
            skipDigits();
        }
        if (take('.')) {
            skipDigits();
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            skipDigits();
        }
        Parsed<Json> number = NumberText.parse(text.substring(start, position));
        if (number instanceof Parsed.Refused<Json> refused) {
            throw new SyntaxFault(refused.reason());
        }
        return number.orElseThrow();
    }

    private void skipDigits() throws SyntaxFault {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position == start) {
            throw new SyntaxFault("not a JSON value");
        }
    }

    private String readString() throws SyntaxFault {
        position++;
        int start = position;
        while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
            position++;
        }
        if (peek() == '"') {
            return text.substring(start, position++);
        }
        StringBuilder string = new StringBuilder(text.substring(start, position));
        while (!take('"')) {
            int c = peek();
            if (c < ' ') {
                throw new SyntaxFault(c < 0 ? "a string is not closed" : "a string has a control character");
            }
            position++;
            if (c == '\\') {
                readEscape(string);
            } else {
                string.append((char) c);
            }
        }
        return string.toString();
    }

    private void readEscape(StringBuilder string) throws SyntaxFault {
        int escape = peek();
        position++;
        switch (escape) {
            case '"', '\\', '/' -> string.append((char) escape);
            case 'b' -> string.append('\b');
            case 'f' -> string.append('\f');
            case 'n' -> string.append('\n');
            case 'r' -> string.append('\r');
            case 't' -> string.append('\t');
            case 'u' -> readEscapedUnits(string);
            default -> throw new SyntaxFault("a string has an escape that JSON does not know");
        }
    }

    /** Reads four digits after {@code \\u} and, when they are the first half of a pair, the second half that must follow. */
    private void readEscapedUnits(StringBuilder string) throws SyntaxFault {
        char unit = readHexUnit();
        string.append(unit);
        if (!Character.isSurrogate(unit)) {
            return;
        }
        if (Character.isHighSurrogate(unit) && take('\\') && take('u')) {
            char second = readHexUnit();
            if (Character.isLowSurrogate(second)) {
                string.append(second);
                return;
            }
        }
        throw new SyntaxFault(Surrogates.RULE);
    }

    private char readHexUnit() throws SyntaxFault {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int c = peek();
            // Character.digit alone would take the digits of every script.
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new SyntaxFault("four hexadecimal digits follow \\u");
            }
            unit = unit << 4 | digit;
            position++;
        }
        return (char) unit;
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            position++;
        }
    }

    private boolean take(char expected) {
        boolean found = peek() == expected;
        if (found) {
            position++;
        }
        return found;
    }

    /** Returns the next character; -1 at the end. */
    private int peek() {
        return position < text.length() ? text.charAt(position) : -1;
    }

    /** Leads out of the recursion; never leaves this class. */
    private static final class SyntaxFault extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        SyntaxFault(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
