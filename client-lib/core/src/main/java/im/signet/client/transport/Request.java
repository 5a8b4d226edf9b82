package im.signet.client.transport;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One HTTP request as a {@link Transport} has to send it, secrets included. {@link #toString()} shows the method, the URL
 * without its query, and the names of the headers, and no more.
 */
public final class Request {
    private final Method method;
    private final URI url;
    private final Map<String, String> headers;
    private final byte[] body;
    private final boolean hasBody;

    private Request(Method method, URI url, Map<String, String> headers, byte[] body, boolean hasBody) {
        this.method = Objects.requireNonNull(method);
        this.url = Objects.requireNonNull(url);
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        this.body = body;
        this.hasBody = hasBody;
    }

    /** Returns a request without a body. */
    public static Request of(Method method, URI url, Map<String, String> headers) {
        return new Request(method, url, headers, new byte[0], false);
    }

    /** Returns a request with a body, of which it keeps a copy. */
    public static Request of(Method method, URI url, Map<String, String> headers, byte[] body) {
        return new Request(method, url, headers, body.clone(), true);
    }

    /** Returns the method. */
    public Method method() {
        return method;
    }

    /** Returns the absolute URL. Its query may hold a secret: do not log it. */
    public URI url() {
        return url;
    }

    /** Returns the headers by name, in the order to send them; the access token is among them. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns a copy of the body; empty when the request has none. */
    public Optional<byte[]> body() {
        return hasBody ? Optional.of(body.clone()) : Optional.empty();
    }

    @Override
    public String toString() {
        Set<String> names = headers.keySet();
        String query = url.getRawQuery() == null ? "" : "?[hidden]";
        return "Request[" + method + " " + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + query
                + " "
                + names + "]";
    }
}
