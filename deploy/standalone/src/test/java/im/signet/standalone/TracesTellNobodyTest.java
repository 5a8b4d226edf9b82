package im.signet.standalone;

import im.signet.demo.walk.PageForm;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a collector of traces learns of a whole journey: which routes were asked, and nothing of whom. */
class TracesTellNobodyTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Set<String> ATTRIBUTES = Set.of("http.request.method", "http.route",
            "http.response.status_code", "signet.request_id");

    @Test
    void sendsRoutesAndStatusesAndNothingElse() throws InterruptedException {
        Canaries canaries = new Canaries();
        MetricsReference reference = MetricsReference.read();
        try (TraceCollector collector = TraceCollector.start();
                Town town = Town.start(Map.of("signet.tracing.endpoint", collector.url()))) {
            String email = canaries.plant("address", "canary+traced@example.org");
            UserId user = town.homeserver.register("canarytraced");
            canaries.plant("user", user.value());
            canaries.plant("homeserver", town.homeserver.serverName().toString());
            String token = canaries.plant("token", town.register(user));
            town.acceptTerms(token);
            String secret = canaries.plant("secret", "canary.traced.secret");
            String sid = town.post(V2 + "/validate/email/requestToken", token, "{\"client_secret\":\"" + secret
                    + "\",\"email\":\"" + email + "\",\"send_attempt\":1}").json().string("sid").orElseThrow();
            canaries.plant("session", sid);
            URI link = town.mailbox.awaitMailTo(email, Duration.ofMinutes(1)).links().getFirst();
            PageForm form = PageForm.in(town.get(link.toString(), "").body()).getFirst();
            town.send("POST", form.action(), "", form.encoded(), "application/x-www-form-urlencoded");
            assertThat(town.post(V2 + "/3pid/bind", token, "{\"sid\":\"" + sid + "\",\"client_secret\":\"" + secret
                    + "\",\"mxid\":\"" + user.value() + "\"}").status()).isEqualTo(200);
            String canary = canaries.plant("what strangers send", "canary-stranger-5a0d");
            for (String path : List.of("/" + canary, V2 + "/pubkey/" + canary, V2 + "/account?access_token=" + canary,
                    "/_signet/terms/" + canary, "/_signet/terms/manage?" + canary + "=1")) {
                town.send("GET", path, canary, "", "application/json", "User-Agent", canary, "Origin",
                        "https://" + canary + ".example", "tracestate", canary + "=" + canary, "baggage", canary,
                        "traceparent", "00-11111111111111111111111111111111-2222222222222222-01");
                town.send("POST", path, canary, canary, "application/json", "X-Request-Id", canary);
            }
            town.server().getBean(SdkTracerProvider.class).forceFlush();
            List<TraceCollector.Span> spans = collector
                    .await(span -> "NOT_FOUND".equals(span.attributes().get("http.route")));

            assertThat(spans).extracting(TraceCollector.Span::name)
                    .contains("http post " + V2 + "/3pid/bind", "http post " + V2 + "/account/register",
                            "http get " + V2 + "/pubkey/{keyId}");
            for (TraceCollector.Span span : spans) {
                assertThat(ATTRIBUTES).containsAll(span.attributes().keySet());
                String route = span.attributes().getOrDefault("http.route", "");
                assertThat(reference.routes().contains(route) || Set.of("NOT_FOUND", "UNKNOWN").contains(route))
                        .as(span.toString())
                        .isTrue();
                assertThat(span.attributes().get("signet.request_id")).matches("[0-9a-f]{32}");
                assertThat(span.parent()).as("a stranger's trace goes on: " + span).isEmpty();
                assertThat(span.trace()).isNotEqualTo("1".repeat(32));
            }
            assertThat(canaries.foundIn(collector.text())).isEmpty();
            assertThat(collector.text()).doesNotContain("canary", "127.0.0.1", "localhost");
        }
    }

    @Test
    void tracesNothingByItself() {
        try (Town town = Town.start(Map.of())) {
            assertThat(town.server().getBeanNamesForType(SdkTracerProvider.class)).isEmpty();
        }
    }
}
