package im.signet.identity.validation.sms;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.kit.outbox.Courier.Delivery;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HttpSmsCourierTest {

    private static final JsonObject LETTER = JsonObject.builder()
            .put("to", "447700900001")
            .put("text", "123456 \"é")
            .build();
    private static final String JSON_BODY = "{\"to\":\"+{to}\",\"text\":\"{text}\"}";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T00:00:00Z"));
    private final FakeGateway gateway = FakeGateway.start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private final class ScriptedClock extends Clock {

        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private HttpSmsCourier courier(@Nullable URI url, Map<String, String> headers, String body,
            SmsProperties.Success success) {
        return courier(url, headers, body, success, null);
    }

    private HttpSmsCourier courier(@Nullable URI url, Map<String, String> headers, String body,
            SmsProperties.Success success, @Nullable Path caFile) {
        return new HttpSmsCourier(
                new SmsProperties(url, SmsProperties.Method.POST, headers, body, success, List.of("GB"),
                        Duration.ofMinutes(10), caFile, 100),
                Duration.ofSeconds(2), new ScriptedClock());
    }

    private HttpSmsCourier courier() {
        return courier(gateway.url("/send?v=1"), Map.of("Authorization", "Bearer key-of-the-operator"), JSON_BODY,
                new SmsProperties.Success("200-299", null));
    }

    private Delivery deliver() {
        try (HttpSmsCourier courier = courier()) {
            return courier.deliver(LETTER);
        }
    }

    @Test
    void handsOverWhatTheOperatorWrote() {
        assertThat(deliver()).isInstanceOf(Delivery.Delivered.class);
        FakeGateway.Call call = gateway.calls().getFirst();
        assertThat(call.method() + " " + call.path()).isEqualTo("POST /send?v=1");
        assertThat(call.header("Authorization")).isEqualTo("Bearer key-of-the-operator");
        assertThat(call.header("Content-type")).isEqualTo("application/json");
        JsonObject body = StrictJson.parseObject(call.body()).orElseThrow();
        assertThat(body.string("to")).contains("+447700900001");
        assertThat(body.string("text")).contains("123456 \"é");
    }

    @Test
    void writesAForm() {
        try (HttpSmsCourier courier = courier(gateway.url("/"),
                Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8"), "to=%2B{to}&text={text}",
                new SmsProperties.Success("200-299", null))) {
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Delivered.class);
        }
        FakeGateway.Call call = gateway.calls().getFirst();
        assertThat(call.body()).isEqualTo("to=%2B447700900001&text=123456+%22%C3%A9");
        assertThat(call.header("Content-type")).isEqualTo("application/x-www-form-urlencoded; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 422})
    void givesUpWhatTheGatewayRefuses(int status) {
        gateway.answerWith(status, "447700900001 is not a number");
        assertThat(deliver()).isEqualTo(new Delivery.Rejected("the SMS gateway refused it with " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 408, 429, 500, 502, 503})
    void triesAgainWhenTheGatewayCannot(int status) {
        gateway.answerWith(status, "447700900001 later");
        assertThat(deliver()).isEqualTo(new Delivery.Deferred("the SMS gateway answered " + status));
        assertThat(gateway.calls()).as("redirects followed").hasSize(1);
    }

    @Test
    void triesAgainWhenTheGatewayIsDown() {
        gateway.close();
        assertThat(deliver()).isEqualTo(new Delivery.Deferred("no SMS could be handed over: ConnectException"));
    }

    @Test
    void doesNotWaitForAGatewayThatIsSilent() {
        gateway.fallSilent();
        assertThat(deliver()).isInstanceOf(Delivery.Deferred.class);
    }

    @Test
    void tellsNothingToAGatewayWhoseCertificateNobodyKnows() {
        try (DemoHomeserver stranger = DemoHomeserver.start(DemoAuthority.create());
                HttpSmsCourier courier = courier(stranger.baseUrl(), Map.of(), JSON_BODY,
                        new SmsProperties.Success("200-599", null))) {
            assertThat(courier.deliver(LETTER))
                    .isEqualTo(new Delivery.Deferred("no SMS could be handed over: SSLHandshakeException"));
        }
    }

    @Test
    void trustsTheAuthorityThatTheOperatorNames(@TempDir Path folder) {
        DemoAuthority authority = DemoAuthority.create();
        authority.writeCaFile(folder.resolve("ca.pem"));
        SmsProperties.Success anything = new SmsProperties.Success("200-599", null);
        try (DemoHomeserver known = DemoHomeserver.start(authority);
                HttpSmsCourier courier = courier(known.baseUrl(), Map.of(), JSON_BODY, anything,
                        folder.resolve("ca.pem"))) {
            assertThat(courier.deliver(LETTER)).isEqualTo(new Delivery.Delivered());
        }
    }

    @Test
    void readsTheAnswerOfAGatewayThatAlwaysSays200() {
        try (HttpSmsCourier courier = courier(gateway.url("/"), Map.of(), JSON_BODY,
                new SmsProperties.Success("200", "\"status\" *: *\"0\""))) {
            gateway.answerWith(200, "{\"status\": \"0\"}");
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Delivered.class);
            gateway.answerWith(200, "{\"status\": \"9\", \"to\": \"447700900001\"}");
            assertThat(courier.deliver(LETTER)).isEqualTo(
                    new Delivery.Deferred("the SMS gateway answered 200 without the words of a success"));
            gateway.answerWith(202, "{\"status\": \"0\"}");
            assertThat(courier.deliver(LETTER)).isEqualTo(new Delivery.Deferred("the SMS gateway answered 202"));
            gateway.answerWith(200, "x".repeat(100_000));
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Deferred.class);
        }
    }

    @Test
    void leavesADeadGatewayAloneForAWhile() {
        try (HttpSmsCourier courier = courier()) {
            gateway.answerWith(503, "");
            for (int i = 0; i < 20; i++) {
                assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Deferred.class);
            }
            assertThat(gateway.calls()).hasSize(5);

            now.updateAndGet(before -> before.plusSeconds(31));
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Deferred.class);
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Deferred.class);
            assertThat(gateway.calls()).as("one try to see whether it is back").hasSize(6);

            now.updateAndGet(before -> before.plusSeconds(31));
            gateway.answerWith(200, "");
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Delivered.class);
            assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Delivered.class);
        }
    }

    @Test
    void doesNotTakeARefusalForADeadGateway() {
        try (HttpSmsCourier courier = courier()) {
            gateway.answerWith(400, "");
            for (int i = 0; i < 20; i++) {
                assertThat(courier.deliver(LETTER)).isInstanceOf(Delivery.Rejected.class);
            }
        }
        assertThat(gateway.calls()).hasSize(20);
    }

    @Test
    void keepsLettersWhileNoGatewayIsSet() {
        try (HttpSmsCourier courier = courier(null, Map.of(), JSON_BODY, new SmsProperties.Success("200-299", null))) {
            assertThat(courier.deliver(LETTER)).isEqualTo(new Delivery.Deferred("no SMS gateway is set"));
        }
    }
}
