package im.signet.client.jdk;

import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * Carries requests with the HTTP client of the JDK, over HTTP/1.1. Follows no redirect, keeps no cookie, reads at most 4 MiB
 * of an answer, and spends a limited time from the first to the last byte. Safe for use by several threads; make one for an
 * application.
 */
public final class JdkTransport implements Transport {
    private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private final HttpClient client;
    private final Duration requestTimeout;

    private JdkTransport(HttpClient client, Duration requestTimeout) {
        this.client = client;
        this.requestTimeout = requestTimeout;
    }

    /** Returns a transport with the limits of {@link #builder()}. */
    public static JdkTransport create() {
        return builder().build();
    }

    /** Returns a builder: 10 s to connect, 30 s for all of a request, the trust and the proxy that the JDK is set to. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Response send(Request request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(toJdk(request), limited());
        try {
            // The timeout of HttpRequest ends with the headers; this one counts the body too.
            HttpResponse<byte[]> response = answer.get(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
            return Response.of(response.statusCode(), response.headers().map(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new InterruptedIOException("no complete answer within " + requestTimeout);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw asIoException(e);
        }
    }

    private static HttpRequest toJdk(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.url())
                .method(request.method().name(), request.body()
                        .map(BodyPublishers::ofByteArray)
                        .orElse(BodyPublishers.noBody()))
                // In place of the JDK's own, which tells its version.
                .header("User-Agent", "signet-client");
        request.headers().forEach(builder::header);
        return builder.build();
    }

    private static BodyHandler<byte[]> limited() {
        return info -> new LimitedBody(info.headers().firstValueAsLong("Content-Length").orElse(0) > MAX_BODY_BYTES);
    }

    private static IOException asIoException(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof HttpTimeoutException) {
            IOException timeout = new InterruptedIOException("no connection in time");
            timeout.initCause(cause);
            return timeout;
        }
        if (cause instanceof ConnectException && cause.getCause() instanceof UnresolvedAddressException) {
            IOException unknown = new UnknownHostException("the name of the server is not known");
            unknown.initCause(cause);
            return unknown;
        }
        return cause instanceof IOException io ? io : new IOException("the request failed", cause);
    }

    /** Collects a body and gives up as soon as it is larger than allowed. */
    private static final class LimitedBody implements BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final boolean announcedTooLarge;
        private Flow.@Nullable Subscription subscription;

        LimitedBody(boolean announcedTooLarge) {
            this.announcedTooLarge = announcedTooLarge;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return result;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            if (announcedTooLarge) {
                giveUp(newSubscription);
            } else {
                newSubscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (buffer.remaining() > MAX_BODY_BYTES - bytes.size()) {
                    giveUp(Objects.requireNonNull(subscription));
                    return;
                }
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.write(part, 0, part.length);
            }
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            result.complete(bytes.toByteArray());
        }

        private void giveUp(Flow.Subscription toCancel) {
            toCancel.cancel();
            result.completeExceptionally(new IOException("the answer is larger than " + MAX_BODY_BYTES + " bytes"));
        }
    }

    /** Sets up a {@link JdkTransport}; not for use by several threads. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofMinutes(10);

        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private @Nullable SSLContext sslContext;
        private @Nullable InetSocketAddress proxy;

        private Builder() {}

        /** Sets how long connecting may take, more than nothing and at most ten minutes. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = checked(timeout);
            return this;
        }

        /** Sets how long a request may take in all, to the last byte of its answer; the same range. */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = checked(timeout);
            return this;
        }

        /** Sets whom to trust, in place of the JDK's own certificate authorities. Names are checked in any case. */
        public Builder sslContext(SSLContext context) {
            sslContext = context;
            return this;
        }

        /** Sets an HTTP proxy through which everything goes, in place of what the JDK is set to. */
        public Builder proxy(InetSocketAddress address) {
            proxy = address;
            return this;
        }

        /** Returns the transport. */
        public JdkTransport build() {
            HttpClient.Builder client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(connectTimeout);
            if (sslContext != null) {
                client.sslContext(sslContext);
            }
            if (proxy != null) {
                client.proxy(ProxySelector.of(proxy));
            }
            return new JdkTransport(client.build(), requestTimeout);
        }

        private static Duration checked(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a time limit is more than nothing and at most " + LONGEST);
            }
            return timeout;
        }
    }
}
