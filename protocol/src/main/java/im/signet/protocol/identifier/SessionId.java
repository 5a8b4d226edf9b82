package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

/**
 * The id of a validation session, {@code sid} on the wire. It proves nothing without its {@link ClientSecret}.
 *
 * @param value 1 to 255 characters of {@code 0-9a-zA-Z.=_-}
 */
public record SessionId(String value) {
    private static final String RULE = "a session id has 1 to 255 characters of 0-9 a-z A-Z . = _ -";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no session id. */
    public SessionId {
        if (!OpaqueGrammar.matches(value)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the session id that {@code text} is. */
    public static Parsed<SessionId> parse(String text) {
        return OpaqueGrammar.matches(text) ? Parsed.ok(new SessionId(text)) : Parsed.refused(RULE);
    }

    /** Returns the session id that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static SessionId of(String text) {
        return new SessionId(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
