package im.signet.standalone.observe;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * What is said of a request, in metrics and traces: its method, the template of its route, the status and what that means.
 * Nothing that the client made up: no path, no query, no method of its own invention.
 */
final class ClosedRequestConvention extends DefaultServerRequestObservationConvention {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH",
            "TRACE");
    private static final Pattern CONSTRAINT = Pattern.compile("\\{(\\w+):[^{}]*}");
    private static final String OTHER = "OTHER";

    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.of(method(context), outcome(context), status(context), uri(context));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.empty();
    }

    @Override
    public String getContextualName(ServerRequestObservationContext context) {
        String name = "http " + method(context).getValue().toLowerCase(Locale.ROOT);
        return context.getPathPattern() == null ? name : name + " " + uri(context).getValue();
    }

    /** Returns the template of the route as the documentation writes it: what a variable has to look like is left out. */
    @Override
    protected KeyValue uri(ServerRequestObservationContext context) {
        KeyValue uri = super.uri(context);
        return uri.getValue().indexOf(':') < 0
                ? uri
                : KeyValue.of(uri.getKey(), route(uri.getValue()));
    }

    /** Returns a template without the regular expressions of its variables. */
    static String route(String template) {
        return CONSTRAINT.matcher(template).replaceAll("{$1}");
    }

    @Override
    protected KeyValue method(ServerRequestObservationContext context) {
        String method = context.getCarrier() == null ? OTHER : context.getCarrier().getMethod();
        return KeyValue.of("method", METHODS.contains(method) ? method : OTHER);
    }
}
