package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import org.jspecify.annotations.Nullable;

/**
 * What a client thinks up to show later that a validation session is its own. {@link #toString()} hides it;
 * {@link #equals} takes the same time wherever two secrets differ.
 *
 * @param value 1 to 255 characters of {@code 0-9a-zA-Z.=_-}
 */
public record ClientSecret(String value) {
    private static final String RULE = "a client secret has 1 to 255 characters of 0-9 a-z A-Z . = _ -";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no client secret. */
    public ClientSecret {
        if (!OpaqueGrammar.matches(value)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the client secret that {@code text} is. */
    public static Parsed<ClientSecret> parse(String text) {
        return OpaqueGrammar.matches(text) ? Parsed.ok(new ClientSecret(text)) : Parsed.refused(RULE);
    }

    /** Returns the client secret that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static ClientSecret of(String text) {
        return new ClientSecret(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientSecret that && MessageDigest.isEqual(
                value.getBytes(StandardCharsets.US_ASCII), that.value.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "ClientSecret[hidden]";
    }
}
