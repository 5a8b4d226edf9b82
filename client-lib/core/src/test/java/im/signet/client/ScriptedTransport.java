package im.signet.client;

import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A server that answers from memory what a test has told it, and remembers what it was asked. Routes are written as
 * {@code "GET /v2/terms"}: without the common prefix of identity servers and without a query.
 */
final class ScriptedTransport implements Transport {
    private static final String PREFIX = "/_matrix/identity";

    private final Map<String, Deque<Reaction>> script = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();

    interface Reaction {
        Response to(Request request) throws IOException;
    }

    /** Adds an answer; the last one of a route is given again and again. */
    ScriptedTransport on(String route, int status, String body) {
        return on(route, request -> json(status, body));
    }

    ScriptedTransport on(String route, Reaction reaction) {
        script.computeIfAbsent(route, r -> new ArrayDeque<>()).add(reaction);
        return this;
    }

    /** Forgets what was told about a route. */
    ScriptedTransport instead(String route, int status, String body) {
        script.remove(route);
        return on(route, status, body);
    }

    ScriptedTransport instead(String route, Reaction reaction) {
        script.remove(route);
        return on(route, reaction);
    }

    static Response json(int status, String body) {
        return Response.of(
                status, Map.of("Content-Type", List.of("application/json")), body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an answer that is computed from the body of the request. */
    static Reaction computed(Function<JsonObject, String> answer) {
        return request -> json(200, answer.apply(body(request)));
    }

    @Override
    public Response send(Request request) throws IOException {
        requests.add(request);
        Deque<Reaction> reactions = script.get(route(request));
        if (reactions == null) {
            return json(404, "{\"errcode\":\"M_UNRECOGNIZED\",\"error\":\"no such endpoint\"}");
        }
        Reaction next = reactions.size() > 1 ? reactions.removeFirst() : reactions.getFirst();
        return next.to(request);
    }

    List<String> routes() {
        return requests.stream().map(ScriptedTransport::route).toList();
    }

    void forgetRequests() {
        requests.clear();
    }

    Request only(String route) {
        List<Request> all = all(route);
        if (all.size() != 1) {
            throw new AssertionError(route + " was asked " + all.size() + " times");
        }
        return all.get(0);
    }

    List<Request> all(String route) {
        return requests.stream().filter(request -> route(request).equals(route)).toList();
    }

    List<JsonObject> bodies(String route) {
        return all(route).stream().map(ScriptedTransport::body).toList();
    }

    static JsonObject body(Request request) {
        return StrictJson.parseObject(request.body().orElseThrow()).orElseThrow();
    }

    private static String route(Request request) {
        String path = request.url().getPath();
        int prefix = path.indexOf(PREFIX);
        return request.method() + " " + (prefix < 0 ? path : path.substring(prefix + PREFIX.length()));
    }
}
