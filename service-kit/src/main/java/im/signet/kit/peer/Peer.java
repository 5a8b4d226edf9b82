package im.signet.kit.peer;

import im.signet.kit.log.RequestId;
import im.signet.kit.outbound.OutboundTally;
import im.signet.kit.outbound.TrustedCertificates;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another service of the operator, asked by HTTP under a name and a secret. It may well stand in a private network, so no
 * address is forbidden, and nothing is read from it but within limits of time and size. When it fails again and again it
 * is left alone for a second at a time, so that no request of ours waits for it in vain. Safe for use by many threads.
 */
public final class Peer implements AutoCloseable {

    private static final OutboundTally OUTBOUND = OutboundTally.requests();
    private static final Logger log = LoggerFactory.getLogger(Peer.class);
    private static final int MAX_ANSWER_BYTES = 512 * 1024;

    private final String base;
    private final String authorization;
    private final Duration timeout;
    private final HttpClient http;
    private final CircuitBreaker breaker;

    /**
     * Asks nothing yet.
     *
     * @param url     the base of the service's URLs
     * @param name    under which we ask
     * @param secret  what proves the name
     * @param caFile  a PEM file of certificates that are trusted besides the system's
     * @param timeout how long one call may take, its answer included
     * @throws IllegalArgumentException when that file cannot be read or has no certificate in it
     */
    public Peer(URI url, String name, String secret, Optional<Path> caFile, Duration timeout, Clock clock) {
        String text = url.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.authorization = "Basic "
                + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .sslContext(TrustedCertificates.sslContext(caFile))
                .build();
        this.breaker = CircuitBreaker.of("peer", CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(1))
                .permittedNumberOfCallsInHalfOpenState(2)
                .recordResult(Reply.Unreachable.class::isInstance)
                .build());
    }

    /** What came of asking. */
    public sealed interface Reply {

        /** The service answered, with whatever status but those of a service that is failing (500 and above). */
        record Answered(int status, String body) implements Reply {

            @Override
            public String toString() {
                return "Answered[" + status + "]";
            }
        }

        /**
         * The service did not answer, not in time, or is failing; the log has it.
         *
         * @param reason safe to log
         */
        record Unreachable(String reason) implements Reply {}
    }

    /** Fetches what anybody may have; the secret stays here. */
    public Reply get(String path) {
        return call(HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json"), true);
    }

    /**
     * Asks under our name. It is asked once more where a kept connection breaks, as when the service has just been started
     * anew: what it is asked for must be harmless to do twice.
     *
     * @param contentType what the body is
     * @param accept      what the answer should be
     */
    public Reply post(String path, String contentType, String accept, String body) {
        return call(posting(path, contentType, accept, body), true);
    }

    /**
     * Asks under our name as {@link #post} does, but never twice: for what a second time would do something again. A kept
     * connection that breaks is answered by {@link Reply.Unreachable}, though it may have been done.
     */
    public Reply postOnce(String path, String contentType, String accept, String body) {
        return call(posting(path, contentType, accept, body), false);
    }

    private HttpRequest.Builder posting(String path, String contentType, String accept, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", authorization)
                .header("Content-Type", contentType)
                .header("Accept", accept)
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    }

    private Reply call(HttpRequest.Builder request, boolean mayAskTwice) {
        if (!breaker.tryAcquirePermission()) {
            return new Reply.Unreachable("it failed too often and is left alone for a second");
        }
        Reply reply;
        try {
            RequestId.current().ifPresent(id -> request.setHeader(RequestId.HEADER, id));
            RequestId.currentTrace().ifPresent(trace -> request.setHeader(RequestId.TRACE_HEADER, trace));
            HttpRequest once = request.timeout(timeout).build();
            reply = exchange(once, mayAskTwice);
        } catch (RuntimeException failed) {
            breaker.releasePermission();
            throw failed;
        }
        breaker.onResult(0, TimeUnit.MILLISECONDS, reply);
        OUTBOUND.count(OutboundTally.Purpose.SERVICE,
                reply instanceof Reply.Answered ? OutboundTally.Outcome.ANSWERED : OutboundTally.Outcome.UNREACHABLE);
        if (reply instanceof Reply.Unreachable(String reason)) {
            log.warn("{} could not be asked: {}", this, reason);
        }
        return reply;
    }

    private Reply exchange(HttpRequest request, boolean onceMore) {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, _ -> HttpResponse.BodySubscribers
                .limiting(HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
        try {
            // The request's own time limit ends with the head of the answer.
            HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return response.statusCode() >= 500
                    ? new Reply.Unreachable("it answered " + response.statusCode())
                    : new Reply.Answered(response.statusCode(), response.body());
        } catch (TimeoutException late) {
            answer.cancel(true);
            return new Reply.Unreachable("it did not answer in time");
        } catch (ExecutionException failed) {
            // Only its kind: its text may quote the call.
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            if (onceMore && cause instanceof IOException && !(cause instanceof ConnectException)
                    && !(cause instanceof HttpTimeoutException)) {
                return exchange(request, false);
            }
            return new Reply.Unreachable(cause.getClass().getSimpleName());
        } catch (InterruptedException stopping) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.Unreachable("this server is stopping");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** Returns where it is. */
    @Override
    public String toString() {
        return base;
    }
}
