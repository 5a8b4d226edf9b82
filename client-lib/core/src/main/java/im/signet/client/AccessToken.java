package im.signet.client;

import im.signet.protocol.Parsed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import org.jspecify.annotations.Nullable;

/**
 * The secret by which an identity server knows a session again, or a homeserver an account. {@link #toString()} hides it;
 * {@link #equals} takes the same time wherever two tokens differ.
 */
public final class AccessToken {
    private static final int MAX_LENGTH = 4096;

    private final String value;

    private AccessToken(String value) {
        this.value = value;
    }

    /** Returns the token that {@code text} is: 1 to 4096 printable ASCII characters without blanks, so safe in a header. */
    public static Parsed<AccessToken> parse(String text) {
        boolean isToken = !text.isEmpty() && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> c > ' ' && c <= '~');
        return isToken
                ? Parsed.ok(new AccessToken(text))
                : Parsed.refused(
                        "an access token has 1 to " + MAX_LENGTH + " printable ASCII characters without blanks");
    }

    /** Returns the secret itself, for the one header or field that needs it. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccessToken that && MessageDigest.isEqual(
                value.getBytes(StandardCharsets.US_ASCII), that.value.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
