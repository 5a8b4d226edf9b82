package im.signet.identity.validation.sms;

import im.signet.kit.outbound.TrustedCertificates;
import im.signet.kit.outbox.Courier;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Hands SMS to the operator's gateway by HTTP. A gateway that fails again and again is left alone for a while, so that what
 * waits does not come down on it all at once. It may well stand in a private network, so no address is forbidden.
 */
final class HttpSmsCourier implements Courier, AutoCloseable {

    static final String CHANNEL = "sms";

    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final SmsProperties settings;
    private final Duration timeout;
    private final HttpClient http;
    private final CircuitBreaker breaker;
    private final @Nullable Pattern successBody;

    /** @param timeout how long one call may take, its answer included */
    HttpSmsCourier(SmsProperties settings, Duration timeout, Clock clock) {
        this.settings = settings;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .sslContext(TrustedCertificates.sslContext(Optional.ofNullable(settings.caFile())))
                .build();
        this.breaker = CircuitBreaker.of(CHANNEL, CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(30))
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordResult(Delivery.Deferred.class::isInstance)
                .build());
        String body = settings.success().body();
        this.successBody = body == null ? null : Pattern.compile(body);
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public Delivery deliver(JsonObject letter) {
        URI url = settings.url();
        String body = settings.body();
        if (url == null || body == null) {
            return new Delivery.Deferred("no SMS gateway is set");
        }
        if (!breaker.tryAcquirePermission()) {
            return new Delivery.Deferred("the SMS gateway failed too often and is left alone for a while");
        }
        Delivery delivery;
        try {
            delivery = call(request(url, body, letter));
        } catch (RuntimeException failed) {
            breaker.releasePermission();
            throw failed;
        }
        breaker.onResult(0, TimeUnit.MILLISECONDS, delivery);
        return delivery;
    }

    private HttpRequest request(URI url, String body, JsonObject letter) {
        String contentType = settings.contentType();
        String filled = new BodyTemplate(body, BodyTemplate.Encoding.of(contentType).orElseThrow())
                .fill(letter.string("to").orElseThrow(), letter.string("text").orElseThrow());
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(timeout);
        settings.headers().forEach(request::setHeader);
        return request.setHeader("Content-Type", contentType)
                .method(settings.method().name(), HttpRequest.BodyPublishers.ofString(filled, StandardCharsets.UTF_8))
                .build();
    }

    private Delivery call(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, this::read);
        try {
            // The request's own time limit ends with the head of the answer.
            return outcomeOf(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            answer.cancel(true);
            return new Delivery.Deferred("the SMS gateway did not answer in time");
        } catch (ExecutionException failed) {
            // Only its kind: its text may quote the call.
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            return new Delivery.Deferred("no SMS could be handed over: " + cause.getClass().getSimpleName());
        } catch (InterruptedException stopping) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Delivery.Deferred("this server is stopping");
        }
    }

    private HttpResponse.BodySubscriber<String> read(HttpResponse.ResponseInfo head) {
        return successBody != null && settings.success().covers(head.statusCode())
                ? HttpResponse.BodySubscribers.limiting(
                        HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES)
                : HttpResponse.BodySubscribers.replacing("");
    }

    private Delivery outcomeOf(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (settings.success().covers(status)) {
            return successBody == null || successBody.matcher(answer.body()).find()
                    ? new Delivery.Delivered()
                    : new Delivery.Deferred("the SMS gateway answered " + status + " without the words of a success");
        }
        if (status >= 400 && status < 500 && status != 408 && status != 429) {
            return new Delivery.Rejected("the SMS gateway refused it with " + status);
        }
        return new Delivery.Deferred("the SMS gateway answered " + status);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
