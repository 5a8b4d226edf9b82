package im.signet.client;

import im.signet.client.transport.Disclosure;
import im.signet.client.transport.Transport;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The document {@code /.well-known/matrix/client}, in which a homeserver says where it and others are. See
 * <a href="https://spec.matrix.org/latest/client-server-api/#well-known-uri">Client-Server API</a>.
 */
final class WellKnown {
    private WellKnown() {}

    /** Returns what the host of {@code homeserver} answers; it is not told who asks. */
    static Answer ask(ServerName homeserver, Transport transport, ClientOptions options, Disclosure disclosure) {
        String host = homeserver.host().contains(":") ? "[" + homeserver.host() + "]" : homeserver.host();
        return new Wire(URI.create("https://" + host), transport, options.listener())
                .send(Call.matrixWellKnown(disclosure));
    }

    /** Returns the https address of the server that {@code document} names under {@code member}. */
    static Parsed<URI> baseUrl(JsonObject document, String member) {
        Optional<Json> text = document.get(member)
                .flatMap(json -> json instanceof JsonObject object ? object.get("base_url") : Optional.empty());
        if (!(text.orElse(null) instanceof JsonString url)) {
            return Parsed.refused("'" + member + "' has no text 'base_url'");
        }
        try {
            return BaseUrl.parse(new URI(url.value()), false);
        } catch (URISyntaxException e) {
            return Parsed.refused("'base_url' of '" + member + "' is no address");
        }
    }
}
