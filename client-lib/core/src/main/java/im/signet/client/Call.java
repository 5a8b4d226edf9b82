package im.signet.client;

import im.signet.client.transport.Disclosure;
import im.signet.client.transport.Method;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.Request;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request of the Identity Service API, to a nameserver or to a homeserver, before it is known to which server and with
 * which token it goes. Immutable.
 */
final class Call {
    private static final String IDENTITY_PREFIX = "/_matrix/identity";
    private static final String CLIENT_PREFIX = "/_matrix/client";
    private static final String NAMES_PREFIX = "/_signet/ns/v1";
    private static final String WELL_KNOWN = "/.well-known/signet";
    private static final String MATRIX_WELL_KNOWN = "/.well-known/matrix/client";
    private static final String HIDDEN = "hidden";
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final String HEX = "0123456789ABCDEF";

    private final Method method;
    private final String path;
    private final List<Parameter> query;
    private final Optional<JsonObject> body;
    private final Disclosure disclosure;

    private record Parameter(String name, String value, boolean isSecret) {
        String encoded(boolean shown) {
            return encode(name) + "=" + (shown && isSecret ? HIDDEN : encode(value));
        }
    }

    /** Takes a path that begins behind the base URL. */
    private Call(Method method, String path, List<Parameter> query, Optional<JsonObject> body, Disclosure disclosure) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.body = body;
        this.disclosure = disclosure;
    }

    /** Returns a GET of {@code path}, which begins behind {@code /_matrix/identity}. */
    static Call get(String path, Disclosure disclosure) {
        return new Call(Method.GET, IDENTITY_PREFIX + path, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a POST of {@code body}. */
    static Call post(String path, JsonObject body, Disclosure disclosure) {
        return new Call(Method.POST, IDENTITY_PREFIX + path, List.of(), Optional.of(body), disclosure);
    }

    /** Returns a POST without a body. */
    static Call post(String path, Disclosure disclosure) {
        return new Call(Method.POST, IDENTITY_PREFIX + path, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a request without a body for {@code path}, which begins behind the base URL: what the specification does not know. */
    static Call signet(Method method, String path, Disclosure disclosure) {
        return new Call(method, path, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a GET of what a domain says of its nameserver. */
    static Call wellKnown(Disclosure disclosure) {
        return new Call(Method.GET, WELL_KNOWN, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a GET of what a homeserver says to clients. */
    static Call matrixWellKnown(Disclosure disclosure) {
        return new Call(Method.GET, MATRIX_WELL_KNOWN, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a GET of {@code path} at a homeserver, behind {@code /_matrix/client}; what stands in it is encoded already. */
    static Call readClient(String path, Disclosure disclosure) {
        return new Call(Method.GET, CLIENT_PREFIX + path, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a POST or PUT of {@code body} to {@code path} at a homeserver, like {@link #readClient}. */
    static Call writeClient(Method method, String path, JsonObject body, Disclosure disclosure) {
        return new Call(method, CLIENT_PREFIX + path, List.of(), Optional.of(body), disclosure);
    }

    /** Returns a GET of {@code path} at a nameserver, behind its prefix. */
    static Call readName(String path, Disclosure disclosure) {
        return new Call(Method.GET, NAMES_PREFIX + path, List.of(), Optional.empty(), disclosure);
    }

    /** Returns a POST or PUT of {@code body} to {@code path} at a nameserver, behind its prefix. */
    static Call writeName(Method method, String path, JsonObject body, Disclosure disclosure) {
        return new Call(method, NAMES_PREFIX + path, List.of(), Optional.of(body), disclosure);
    }

    /** Returns this call with that body. */
    Call withBody(JsonObject newBody) {
        return new Call(method, path, query, Optional.of(newBody), disclosure);
    }

    /** Returns the path behind the base URL. */
    String path() {
        return path;
    }

    /** Returns this call with one more parameter in its query. */
    Call with(String name, String value) {
        return with(new Parameter(name, value, false));
    }

    /** Returns this call with one more parameter in its query, of which the value is not shown. */
    Call withSecret(String name, String value) {
        return with(new Parameter(name, value, true));
    }

    /** Returns the call as the listener may show it. */
    PlannedRequest planned(URI base) {
        return new PlannedRequest(method, url(base, true), disclosure);
    }

    /** Returns the call as the transport sends it. */
    Request request(URI base, Optional<AccessToken> token) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        token.ifPresent(t -> headers.put("Authorization", "Bearer " + t.reveal()));
        if (!body.isPresent()) {
            return Request.of(method, url(base, false), headers);
        }
        headers.put("Content-Type", "application/json");
        byte[] bytes = StrictJson.write(body.get()).getBytes(StandardCharsets.UTF_8);
        return Request.of(method, url(base, false), headers, bytes);
    }

    private Call with(Parameter parameter) {
        List<Parameter> more = new ArrayList<>(query);
        more.add(parameter);
        return new Call(method, path, more, body, disclosure);
    }

    private URI url(URI base, boolean shown) {
        StringBuilder url = new StringBuilder(base.toString()).append(path);
        for (int i = 0; i < query.size(); i++) {
            url.append(i == 0 ? '?' : '&').append(query.get(i).encoded(shown));
        }
        return URI.create(url.toString());
    }

    /**
     * Returns {@code text} percent-encoded, for a path or a query. Android before 13 lacks the one of the JDK that takes a
     * character set.
     */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            }
        }
        return encoded.toString();
    }
}
