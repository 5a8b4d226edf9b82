package im.signet.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint: a method, a path whose segments in braces stand for any text, and what answers it.
 *
 * @param template  the path; in a request it may end in one more slash
 */
record Route(String method, String template, Handler handler) {
    /** What answers an endpoint. */
    interface Handler {
        /** Returns the answer; {@code values} are what stood in the place of the braces, decoded, in order. */
        Reply answer(RecordedRequest request, List<String> values);
    }

    /** Returns what stands in the place of the braces; empty when {@code path} is not of this endpoint. */
    Optional<List<String>> match(String path) {
        String[] wanted = template.split("/", -1);
        String[] given = (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            // A plus in a path is a plus.
            String segment = URLDecoder.decode(given[i].replace("+", "%2B"), StandardCharsets.UTF_8);
            if (wanted[i].startsWith("{")) {
                values.add(segment);
            } else if (!wanted[i].equals(segment)) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /** Returns the answer of the one endpoint that the request is for; 404 or 405 when there is none. */
    static Reply dispatch(List<Route> routes, RecordedRequest request) {
        boolean known = false;
        for (Route route : routes) {
            Optional<List<String>> values = route.match(request.path());
            if (values.isPresent() && route.method().equals(request.method())) {
                return route.handler().answer(request, values.get());
            }
            known |= values.isPresent();
        }
        return known
                ? Reply.refused(405, "M_UNRECOGNIZED", "this endpoint has other methods")
                : Reply.refused(404, "M_UNRECOGNIZED", "there is no such endpoint");
    }
}
