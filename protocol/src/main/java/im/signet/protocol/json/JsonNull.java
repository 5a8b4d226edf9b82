package im.signet.protocol.json;

/** The JSON value {@code null}. */
public record JsonNull() implements Json {
    /** The one value there is. */
    public static final JsonNull NULL = new JsonNull();
}
