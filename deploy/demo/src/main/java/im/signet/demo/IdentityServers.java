package im.signet.demo;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.FederationRequest;
import im.signet.protocol.signature.FederationRequest.Addressing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * The identity servers at which the demonstration homeserver binds and unbinds for its users, over HTTP and as Synapse does:
 * it shows the user's token to bind, signs to unbind, and remembers where it bound what. Safe for use by several threads.
 */
final class IdentityServers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_ANSWER_BYTES = 512 * 1024;
    private static final String BIND = "/_matrix/identity/v2/3pid/bind";
    private static final String UNBIND = "/_matrix/identity/v2/3pid/unbind";
    /** The answers that Synapse takes for an identity server which cannot unbind. */
    private static final Set<Integer> NO_SUPPORT = Set.of(400, 404, 501);

    private final ServerName homeserver;
    private final ServerKeys keys;
    private final Map<String, Reached> reached = new ConcurrentHashMap<>();
    private final Map<Bound, Set<String>> bound = new ConcurrentHashMap<>();

    private record Reached(URI baseUrl, HttpClient http) {}

    private record Bound(UserId user, String medium, String address) {}

    IdentityServers(ServerName homeserver, ServerKeys keys) {
        this.homeserver = homeserver;
        this.keys = keys;
    }

    /** Has clients name the identity server at {@code baseUrl} as {@code idServer}; {@code trust} says whose certificates are good. */
    void reach(String idServer, URI baseUrl, SSLContext trust) {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(trust)
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        reached.put(idServer, new Reached(baseUrl, http));
    }

    /** Binds what {@code request} of {@code user} names; an error of the identity server is passed on. */
    Reply bind(UserId user, JsonObject request) {
        Optional<String> sid = request.string("sid");
        Optional<String> secret = request.string("client_secret");
        Optional<String> idServer = request.string("id_server");
        Optional<String> token = request.string("id_access_token");
        if (sid.isEmpty() || secret.isEmpty() || idServer.isEmpty() || token.isEmpty()) {
            return Reply.refused(400, "M_MISSING_PARAM",
                    "sid, client_secret, id_server and id_access_token are needed");
        }
        JsonObject body = JsonObject.builder()
                .put("sid", sid.get())
                .put("client_secret", secret.get())
                .put("mxid", user.value())
                .build();
        Reached server = reached.get(idServer.get());
        if (server == null) {
            return notTrusted();
        }
        try {
            HttpResponse<String> answer = post(server, BIND, body, "Bearer " + token.get());
            Optional<JsonObject> json = StrictJson.parseObject(answer.body()).toOptional();
            if (answer.statusCode() / 100 != 2) {
                return json.filter(error -> error.string("errcode").isPresent()).isPresent()
                        ? Reply.text(answer.statusCode(), answer.body())
                        : Reply.refused(502, "M_UNKNOWN", "the identity server's error is none of Matrix");
            }
            Optional<String> medium = json.flatMap(association -> association.string("medium"));
            Optional<String> address = json.flatMap(association -> association.string("address"));
            if (medium.isEmpty() || address.isEmpty()) {
                return Reply.refused(502, "M_UNKNOWN", "the identity server does not say what it bound");
            }
            bound.computeIfAbsent(new Bound(user, medium.get(), address.get()), _ -> ConcurrentHashMap.newKeySet())
                    .add(idServer.get());
            return Reply.ok(JsonObject.of());
        } catch (IOException _) {
            return notReached();
        }
    }

    /** Unbinds what {@code request} of {@code user} names: at the identity server that it names, or wherever it was bound. */
    Reply unbind(UserId user, JsonObject request) {
        Optional<String> medium = request.string("medium");
        Optional<String> address = request.string("address");
        if (medium.isEmpty() || address.isEmpty()) {
            return Reply.refused(400, "M_MISSING_PARAM", "medium and address are needed");
        }
        Bound what = new Bound(user, medium.get(), address.get());
        Set<String> where = new TreeSet<>(
                request.string("id_server").map(Set::of).orElseGet(() -> bound.getOrDefault(what, Set.of())));
        boolean all = !where.isEmpty();
        for (String idServer : where) {
            Reached server = reached.get(idServer);
            if (server == null) {
                return notTrusted();
            }
            try {
                int status = unbindAt(server, idServer, what);
                if (status / 100 != 2 && !NO_SUPPORT.contains(status)) {
                    return Reply.refused(500, "M_UNKNOWN", "the identity server did not unbind");
                }
                all &= status / 100 == 2;
            } catch (IOException _) {
                return notReached();
            }
            Optional.ofNullable(bound.get(what)).ifPresent(servers -> servers.remove(idServer));
        }
        String result = all ? "success" : "no-support";
        return Reply.ok(JsonObject.builder().put("id_server_unbind_result", result).build());
    }

    private int unbindAt(Reached server, String idServer, Bound what) throws IOException {
        JsonObject threepid = JsonObject.builder().put("medium", what.medium()).put("address", what.address()).build();
        JsonObject body = JsonObject.builder().put("mxid", what.user().value()).put("threepid", threepid).build();
        // Synapse signs over this path also where the identity server has one of its own before it.
        String signed = new FederationRequest("POST", UNBIND, Optional.of(body))
                .sign(homeserver, Addressing.DESTINATION_IS, idServer, keys.current())
                .toHeader();
        return post(server, UNBIND, body, signed).statusCode();
    }

    private static HttpResponse<String> post(Reached server, String path, JsonObject body, String authorization)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString(StrictJson.write(body)))
                .build();
        try {
            return server.http()
                    .send(request,
                            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Reply notTrusted() {
        return Reply.refused(400, "M_SERVER_NOT_TRUSTED", "this homeserver does not know that identity server");
    }

    private static Reply notReached() {
        return Reply.refused(500, "M_UNKNOWN", "the identity server was not reached");
    }

    /** Ends the connections. */
    @Override
    public void close() {
        List.copyOf(reached.values()).forEach(server -> server.http().shutdownNow());
    }
}
