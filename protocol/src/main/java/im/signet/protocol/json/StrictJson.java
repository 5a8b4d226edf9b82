package im.signet.protocol.json;

import im.signet.protocol.Parsed;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON exactly as RFC 8259 defines it, and refuses what two readers could understand in two ways: a name twice in
 * one object, lone surrogates, bytes that are not UTF-8, a byte order mark, numbers beyond a double, anything after the
 * value.
 */
public final class StrictJson {
    private StrictJson() {}

    /**
     * How much a reader takes on.
     *
     * @param maxBytes the size of the text in UTF-8, at least 1
     * @param maxDepth how deep objects and arrays may be nested, from 1 to {@link Json#MAX_DEPTH}
     */
    public record Limits(int maxBytes, int maxDepth) {
        /** 512 KiB, 64 deep. */
        public static final Limits DEFAULT = new Limits(512 * 1024, 64);

        /** Throws an {@link IllegalArgumentException} when a limit is out of its range. */
        public Limits {
            if (maxBytes < 1 || maxDepth < 1 || maxDepth > Json.MAX_DEPTH) {
                throw new IllegalArgumentException("a limit of JSON is out of its range");
            }
        }
    }

    /** Returns the value that {@code text} is, within {@link Limits#DEFAULT}. */
    public static Parsed<Json> parse(String text) {
        return parse(text, Limits.DEFAULT);
    }

    /** Returns the value that {@code text} is. */
    public static Parsed<Json> parse(String text, Limits limits) {
        // Each character has at least one byte of UTF-8: settles long texts without reading them.
        if (text.length() > limits.maxBytes() || utf8Length(text) > limits.maxBytes()) {
            return tooLarge(limits);
        }
        if (!Surrogates.allPaired(text)) {
            return Parsed.refused(Surrogates.RULE);
        }
        return JsonReader.read(text, limits.maxDepth());
    }

    /** Returns the value that {@code utf8} is, within {@link Limits#DEFAULT}. */
    public static Parsed<Json> parse(byte[] utf8) {
        return parse(utf8, Limits.DEFAULT);
    }

    /** Returns the value that {@code utf8} is. */
    public static Parsed<Json> parse(byte[] utf8, Limits limits) {
        if (utf8.length > limits.maxBytes()) {
            return tooLarge(limits);
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
            return JsonReader.read(text, limits.maxDepth());
        } catch (CharacterCodingException e) {
            return Parsed.refused("JSON is written in UTF-8");
        }
    }

    /** Returns the object that {@code text} is, within {@link Limits#DEFAULT}. */
    public static Parsed<JsonObject> parseObject(String text) {
        return parseObject(text, Limits.DEFAULT);
    }

    /** Returns the object that {@code text} is. */
    public static Parsed<JsonObject> parseObject(String text, Limits limits) {
        return parse(text, limits).flatMap(StrictJson::asObject);
    }

    /** Returns the object that {@code utf8} is, within {@link Limits#DEFAULT}. */
    public static Parsed<JsonObject> parseObject(byte[] utf8) {
        return parseObject(utf8, Limits.DEFAULT);
    }

    /** Returns the object that {@code utf8} is. */
    public static Parsed<JsonObject> parseObject(byte[] utf8, Limits limits) {
        return parse(utf8, limits).flatMap(StrictJson::asObject);
    }

    /** Returns the text of {@code value}: no blanks, members in order; {@link #parse(String)} gives an equal value back. */
    public static String write(Json value) {
        return JsonWriter.write(value, false);
    }

    private static Parsed<JsonObject> asObject(Json value) {
        return value instanceof JsonObject object
                ? Parsed.ok(object)
                : Parsed.refused("the JSON value is not an object");
    }

    private static Parsed<Json> tooLarge(Limits limits) {
        return Parsed.refused("JSON of more than " + limits.maxBytes() + " bytes is not read");
    }

    private static long utf8Length(String text) {
        return text.codePoints().mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4).sum();
    }
}
