package im.signet.kit.log;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.MDC;

/**
 * What all lines of the log that belong to one request have in common: 128 random bits, which tell nothing of it. It stands
 * in the response's header {@value #HEADER}, and goes along to other services of the operator, but to nobody else.
 */
public final class RequestId {

    /** The header of requests and responses that holds it. */
    public static final String HEADER = "X-Request-Id";

    /** What it is called in the log. */
    public static final String KEY = "request_id";

    /** The header by which a trace goes on from one of our services to another. */
    public static final String TRACE_HEADER = "traceparent";

    private static final int BYTES = 16;

    // As proxies write it: nothing that anybody sends by mistake, or could hide much in.
    private static final Predicate<String> FORM = Pattern
            .compile("[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
            .asMatchPredicate();

    private RequestId() {}

    /** Returns a new one. */
    public static String generate(SecureRandom random) {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Returns the one that a request came with; empty when it has none, several, or something else in its place. */
    public static Optional<String> of(HttpServletRequest request) {
        List<String> sent = Collections.list(request.getHeaders(HEADER));
        return sent.size() == 1 ? sent.stream().filter(FORM).findFirst() : Optional.empty();
    }

    /** Returns the one of the request that this thread works on; empty when it works on none. */
    public static Optional<String> current() {
        return Optional.ofNullable(MDC.get(KEY));
    }

    /** Says which trace the request of this thread belongs to, as {@value #TRACE_HEADER} has it. */
    public static void trace(String parent) {
        MDC.put(TRACE_HEADER, parent);
    }

    /** Ends what {@link #trace} began. */
    public static void endTrace() {
        MDC.remove(TRACE_HEADER);
    }

    /** Returns the trace that the request of this thread belongs to; empty when nothing is traced. */
    public static Optional<String> currentTrace() {
        return Optional.ofNullable(MDC.get(TRACE_HEADER));
    }

    /** Takes over the id that a request came with, where whoever sent it has proven to be one of our services. */
    public static void adopt(HttpServletRequest request) {
        of(request).ifPresent(id -> MDC.put(KEY, id));
    }
}
