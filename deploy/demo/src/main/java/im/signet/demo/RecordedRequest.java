package im.signet.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request that the {@link DemoHomeserver} was sent. {@code toString()} names the parameters of the query and hides their
 * values, for one of them is a token; headers and body do not show at all.
 *
 * @param method   the method, in upper case
 * @param path     the path as it was sent, still percent-encoded
 * @param query    the query as it was sent, still percent-encoded; empty when there was none
 * @param headers  the header fields, by name in lower case
 * @param body     the body, read as UTF-8; empty when there was none
 */
public record RecordedRequest(String method, String path, String query, Map<String, List<String>> headers,
        String body) {
    private static final Pattern VALUE = Pattern.compile("=[^&]*");

    /** Keeps a copy of the headers. */
    public RecordedRequest {
        headers = Map.copyOf(headers);
    }

    /** Returns the first header field of that name, which is in lower case. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Returns the first parameter of that name in the query, decoded. */
    public Optional<String> parameter(String name) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && decoded(pair.substring(0, equals)).equals(name)) {
                return Optional.of(decoded(pair.substring(equals + 1)));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + VALUE.matcher(query).replaceAll("=[hidden]"));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
