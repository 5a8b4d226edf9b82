package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

/**
 * The id of a Matrix user, {@code @localpart:server}. See
 * <a href="https://spec.matrix.org/latest/appendices/#user-identifiers">Matrix appendices</a>. Accepts the historical
 * grammar too, as users who have such ids exist.
 *
 * @param value the id as it is written, at most 255 characters, all of them ASCII
 */
public record UserId(String value) {
    private static final int MAX_LENGTH = 255;

    /** Throws an {@link IllegalArgumentException} when {@code value} is no user id. */
    public UserId {
        String fault = faultIn(value);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Returns the user id that {@code text} is. */
    public static Parsed<UserId> parse(String text) {
        String fault = faultIn(text);
        return fault.isEmpty() ? Parsed.ok(new UserId(text)) : Parsed.refused(fault);
    }

    /** Returns the user id that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static UserId of(String text) {
        return new UserId(text);
    }

    /** Returns what stands between '@' and the first ':'. */
    public String localpart() {
        return value.substring(1, value.indexOf(':'));
    }

    /** Returns the server on which the user has their account. */
    public ServerName serverName() {
        return new ServerName(value.substring(value.indexOf(':') + 1));
    }

    @Override
    public String toString() {
        return value;
    }

    /** Returns why {@code text} is no user id; empty when it is one. */
    private static String faultIn(String text) {
        if (text.length() > MAX_LENGTH) {
            return "a user id has at most " + MAX_LENGTH + " characters";
        }
        int colon = text.indexOf(':');
        if (!text.startsWith("@") || colon < 0) {
            return "a user id has the form @localpart:server";
        }
        if (colon == 1) {
            return "the local part of a user id cannot be empty";
        }
        if (text.chars().limit(colon).anyMatch(c -> c < '!' || c > '~')) {
            return "the local part of a user id has only printable ASCII characters";
        }
        return ServerName.parse(text.substring(colon + 1)) instanceof Parsed.Refused<ServerName> refused
                ? refused.reason()
                : "";
    }
}
