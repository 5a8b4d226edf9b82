package im.signet.kit.outbound;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** A request to a host that a stranger named, always over HTTPS. Immutable; each {@code with} returns a new one. */
public final class OutboundRequest {

    /** How long a request may take in total, redirects included, unless it says otherwise. */
    public static final Duration DEFAULT_TIME_LIMIT = Duration.ofSeconds(10);

    /** How many bytes of body are accepted unless the request says otherwise. */
    public static final int DEFAULT_SIZE_LIMIT = 512 * 1024;

    private static final Pattern PATH_AND_QUERY = Pattern.compile("/(?!/)[!-~&&[^#\"<>\\\\^`{|}]]*|/");

    private final String method;
    private final Destination destination;
    private final String pathAndQuery;
    private final Optional<byte[]> json;
    private final Duration timeLimit;
    private final int sizeLimit;
    private final boolean followsRedirects;

    private OutboundRequest(String method, Destination destination, String pathAndQuery, Optional<byte[]> json,
            Duration timeLimit, int sizeLimit, boolean followsRedirects) {
        if (!isPathAndQuery(pathAndQuery)) {
            throw new IllegalArgumentException("not a path with an optional query, percent-encoded");
        }
        this.method = method;
        this.destination = destination;
        this.pathAndQuery = pathAndQuery;
        this.json = json;
        this.timeLimit = timeLimit;
        this.sizeLimit = sizeLimit;
        this.followsRedirects = followsRedirects;
    }

    /**
     * Returns a GET request.
     *
     * @param pathAndQuery begins with one slash; percent-encoded by the caller
     * @throws IllegalArgumentException when the path has characters that do not belong in one
     */
    public static OutboundRequest get(Destination destination, String pathAndQuery) {
        return new OutboundRequest("GET", destination, pathAndQuery, Optional.empty(), DEFAULT_TIME_LIMIT,
                DEFAULT_SIZE_LIMIT, false);
    }

    /** Returns a POST request with a JSON body, otherwise as {@link #get}. */
    public static OutboundRequest post(Destination destination, String pathAndQuery, byte[] json) {
        return new OutboundRequest("POST", destination, pathAndQuery, Optional.of(json.clone()), DEFAULT_TIME_LIMIT,
                DEFAULT_SIZE_LIMIT, false);
    }

    /** Returns a PUT request with a JSON body, otherwise as {@link #get}. */
    public static OutboundRequest put(Destination destination, String pathAndQuery, byte[] json) {
        return new OutboundRequest("PUT", destination, pathAndQuery, Optional.of(json.clone()), DEFAULT_TIME_LIMIT,
                DEFAULT_SIZE_LIMIT, false);
    }

    /** Returns this request with another limit of the total time. */
    public OutboundRequest withTimeLimit(Duration limit) {
        return new OutboundRequest(method, destination, pathAndQuery, json, limit, sizeLimit, followsRedirects);
    }

    /** Returns this request with another limit of the body of the answer, in bytes. */
    public OutboundRequest withSizeLimit(int bytes) {
        return new OutboundRequest(method, destination, pathAndQuery, json, timeLimit, bytes, followsRedirects);
    }

    /**
     * Returns this request, following up to five redirects to https URLs, each checked like the first.
     *
     * @throws IllegalStateException when the request has a body, which redirects would carry to another host
     */
    public OutboundRequest followingRedirects() {
        if (json.isPresent()) {
            throw new IllegalStateException("only GET follows redirects");
        }
        return new OutboundRequest(method, destination, pathAndQuery, json, timeLimit, sizeLimit, true);
    }

    OutboundRequest redirectedTo(Destination elsewhere, String elsewherePathAndQuery) {
        return new OutboundRequest(method, elsewhere, elsewherePathAndQuery, json, timeLimit, sizeLimit,
                followsRedirects);
    }

    static boolean isPathAndQuery(String text) {
        return PATH_AND_QUERY.matcher(text).matches();
    }

    String method() {
        return method;
    }

    Destination destination() {
        return destination;
    }

    String pathAndQuery() {
        return pathAndQuery;
    }

    Optional<byte[]> json() {
        return json;
    }

    Duration timeLimit() {
        return timeLimit;
    }

    int sizeLimit() {
        return sizeLimit;
    }

    boolean followsRedirects() {
        return followsRedirects;
    }

    /** Returns the method and the destination; path and query may hold tokens and stay out. */
    @Override
    public String toString() {
        return method + " " + destination;
    }
}
