package im.signet.protocol.json;

import im.signet.protocol.Parsed;

import java.nio.charset.StandardCharsets;

/** The one form of a JSON value that is signed. See <a href="https://spec.matrix.org/latest/appendices/#canonical-json">Matrix appendices</a>. */
public final class CanonicalJson {
    private static final long MAX_INTEGER = (1L << 53) - 1;

    private CanonicalJson() {}

    /** Returns the canonical form as UTF-8; refuses values with a number that is no integer from -(2^53)+1 to (2^53)-1. */
    public static Parsed<byte[]> encode(Json value) {
        if (!hasOnlyCanonicalNumbers(value)) {
            return Parsed.refused("canonical JSON has only integers from -(2^53)+1 to (2^53)-1");
        }
        return Parsed.ok(JsonWriter.write(value, true).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean hasOnlyCanonicalNumbers(Json value) {
        if (value instanceof JsonObject object) {
            return object.members().values().stream().allMatch(CanonicalJson::hasOnlyCanonicalNumbers);
        }
        if (value instanceof JsonArray array) {
            return array.items().stream().allMatch(CanonicalJson::hasOnlyCanonicalNumbers);
        }
        return !(value instanceof JsonNumber number)
                || number.toLong().filter(n -> n >= -MAX_INTEGER && n <= MAX_INTEGER).isPresent();
    }
}
