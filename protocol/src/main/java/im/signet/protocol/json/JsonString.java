package im.signet.protocol.json;

/**
 * A JSON string.
 *
 * @param value Unicode text without lone surrogates, so that it has a form in UTF-8
 */
public record JsonString(String value) implements Json {
    /** Throws an {@link IllegalArgumentException} when {@code value} has a lone surrogate. */
    public JsonString {
        if (!Surrogates.allPaired(value)) {
            throw new IllegalArgumentException(Surrogates.RULE);
        }
    }

    @Override
    public String toString() {
        return "JsonString[" + value.length() + " characters]";
    }
}
