package im.signet.standalone;

import im.signet.standalone.TraceCollector.Span;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Where services run apart, one trace and one request id go through all that a request asks of them. */
class TracesCrossServicesIT {

    private static final String ACCOUNT = "/_matrix/identity/v2/hash_details";
    private static final String INTROSPECTION = "/_signet/terms/introspect";

    @Test
    void goOnInTheTermsService() throws InterruptedException {
        try (TraceCollector collector = TraceCollector.start();
                Town town = Town.startApart(Map.of("signet.tracing.endpoint", collector.url()))) {
            town.stopTerms();
            town.startTerms(Map.of("signet.tracing.endpoint", collector.url()));
            String token = town.register(town.homeserver.register("traveller"));
            town.acceptTerms(token);
            Town.Reply reply = town.get(ACCOUNT, token);
            assertThat(reply.status()).isEqualTo(200);
            String id = reply.headers().getOrDefault("x-request-id", "");

            List<Span> spans = collector.await(span -> isOf(span, INTROSPECTION, id));
            Span asked = find(collector.await(span -> isOf(span, ACCOUNT, id)), ACCOUNT, id).orElseThrow();
            Span answered = find(spans, INTROSPECTION, id).orElseThrow();
            assertThat(answered.trace()).isEqualTo(asked.trace());
            assertThat(answered.parent()).isEqualTo(asked.id());
        }
    }

    private static Optional<Span> find(List<Span> spans, String route, String requestId) {
        return spans.stream().filter(span -> isOf(span, route, requestId)).findFirst();
    }

    private static boolean isOf(Span span, String route, String requestId) {
        return route.equals(span.attributes().get("http.route"))
                && requestId.equals(span.attributes().get("signet.request_id"));
    }
}
