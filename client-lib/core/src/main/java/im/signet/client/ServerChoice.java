package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonNull;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What the user chose: an identity server, or none, which is a choice as well and is to be kept like one, so that they are
 * not asked again. Its stored form is that of the account data {@code m.identity_server}; who keeps it there lets other
 * clients and the homeserver know, who keeps it on the device only does not. See
 * <a href="https://spec.matrix.org/latest/client-server-api/#midentity_server">Client-Server API</a>.
 */
public sealed interface ServerChoice {
    /** The user wants no identity server. */
    record None() implements ServerChoice {}

    /**
     * The user wants this identity server. There is no other way to one than the user's own words ({@link #parse}), a
     * proposal that they took ({@link ServerProposal#choose}), or what was stored.
     */
    final class Server implements ServerChoice {
        private final URI baseUrl;

        Server(URI baseUrl) {
            this.baseUrl = baseUrl;
        }

        /** Returns the address of the server, for {@link IdentityServer#at}. */
        public URI baseUrl() {
            return baseUrl;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Server that && baseUrl.equals(that.baseUrl);
        }

        @Override
        public int hashCode() {
            return baseUrl.hashCode();
        }

        @Override
        public String toString() {
            return "Server[" + baseUrl + "]";
        }
    }

    /** Returns the choice of no identity server. */
    static ServerChoice none() {
        return new None();
    }

    /**
     * Returns the choice of the server whose address the user typed: {@code https://id.example.org}, or without
     * {@code https://}; refused when that is no https address.
     */
    static Parsed<Server> parse(String typed) {
        String text = typed.trim();
        try {
            return BaseUrl.parse(new URI(text.contains("://") ? text : "https://" + text), false).map(Server::new);
        } catch (URISyntaxException e) {
            return Parsed.refused("the address of an identity server has the form https://host");
        }
    }

    /**
     * Returns the choice that is stored in {@code content}; empty when the user has made none so far, or none that can be
     * read: then they are to be asked. A choice that cannot be read is never taken for another one.
     */
    static Optional<ServerChoice> ofAccountData(JsonObject content) {
        Optional<Json> baseUrl = content.get("base_url");
        if (baseUrl.filter(JsonNull.class::isInstance).isPresent()) {
            return Optional.of(none());
        }
        return baseUrl.filter(JsonString.class::isInstance)
                .map(text -> ((JsonString) text).value())
                .filter(text -> text.startsWith("https://"))
                .flatMap(text -> parse(text).toOptional());
    }

    /** Returns the choice as content of {@code m.identity_server}. */
    default JsonObject toAccountData() {
        Json baseUrl = this instanceof Server server ? new JsonString(server.baseUrl().toString()) : JsonNull.NULL;
        return JsonObject.builder().put("base_url", baseUrl).build();
    }
}
