package im.signet.standalone.observe;

import im.signet.kit.log.RequestId;

import java.util.Optional;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Makes a span of each request, with what {@link ClosedRequestConvention} says of it and nothing else: its method, the template
 * of its route and the status. A request that one of our services sends goes on with that one's trace; a stranger's never
 * does.
 */
final class RequestSpans implements ObservationHandler<ServerRequestObservationContext> {

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("signet.request_id");
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private final Tracer tracer;

    RequestSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ServerRequestObservationContext;
    }

    @Override
    public void onStart(ServerRequestObservationContext context) {
        SpanBuilder builder = tracer.spanBuilder("http").setSpanKind(SpanKind.SERVER).setParent(parentOf(context));
        Span span = builder.startSpan();
        context.put(Span.class, span);
        SpanContext known = span.getSpanContext();
        RequestId.trace("00-" + known.getTraceId() + "-" + known.getSpanId() + "-"
                + known.getTraceFlags().asHex());
    }

    // What services ask each other is the operator's own; proxies keep it from everybody else.
    private static Context parentOf(ServerRequestObservationContext context) {
        HttpServletRequest request = context.getCarrier();
        return request != null && isAskedByAService(request.getRequestURI())
                ? W3C.extract(Context.root(), request, new Headers())
                : Context.root();
    }

    private static boolean isAskedByAService(String path) {
        return path.equals("/_signet/terms/introspect") || path.startsWith("/_signet/holdings/");
    }

    private static final class Headers implements TextMapGetter<HttpServletRequest> {

        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return W3C.fields();
        }

        // No trace state: that is text of any kind.
        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
            return request == null || !name.equals(RequestId.TRACE_HEADER) ? null : request.getHeader(name);
        }
    }

    @Override
    public void onStop(ServerRequestObservationContext context) {
        RequestId.endTrace();
        Span span = context.get(Span.class);
        if (span == null) {
            return;
        }
        RequestId.current().ifPresent(id -> span.setAttribute(REQUEST_ID, id));
        span.updateName(Optional.ofNullable(context.getContextualName()).orElse("http"));
        for (KeyValue known : context.getLowCardinalityKeyValues()) {
            switch (known.getKey()) {
                case "method" -> span.setAttribute(METHOD, known.getValue());
                case "uri" -> span.setAttribute(ROUTE, known.getValue());
                case "status" -> setStatus(span, known.getValue());
                default -> {
                    // the outcome follows from the status
                }
            }
        }
        span.end();
    }

    private static void setStatus(Span span, String status) {
        if (status.length() == 3 && status.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            span.setAttribute(STATUS, Long.parseLong(status));
            if (status.startsWith("5")) {
                span.setStatus(StatusCode.ERROR);
            }
        }
    }
}
