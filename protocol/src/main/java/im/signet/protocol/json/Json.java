package im.signet.protocol.json;

/**
 * A JSON value: immutable, well-formed whoever made it, and nested at most {@value #MAX_DEPTH} deep, so that reading it
 * recursively is safe. {@code toString()} tells kind and size, never content, which may be private; use
 * {@link StrictJson#write} for the text.
 */
public sealed interface Json permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {
    /** How deep objects and arrays can be nested in a value, whatever limit a parser was given. */
    int MAX_DEPTH = 256;

    /** Returns how deep objects and arrays are nested: 0 for a string, number, boolean or null, 1 for {@code []}. */
    default int depth() {
        return 0;
    }
}
