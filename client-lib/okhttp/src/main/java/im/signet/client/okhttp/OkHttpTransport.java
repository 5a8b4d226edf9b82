package im.signet.client.okhttp;

import im.signet.client.transport.Method;
import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests with OkHttp, over HTTP/1.1. Follows no redirect, keeps no cookie and no answer, unpacks nothing, tries
 * nothing again, reads at most 4 MiB of an answer, and spends a limited time from the first to the last byte. A connection
 * is closed with its request: one that a server had closed meanwhile would cost the next. Safe for use by several threads;
 * make one for an application.
 */
public final class OkHttpTransport implements Transport {
    private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;
    private static final int MAX_CALLS = 1024;
    private static final String RETRY_AFTER = "Retry-After";
    private static final String KEPT_RETRY_AFTER = "Signet-Kept-Retry-After";

    private final OkHttpClient client;
    private final Duration requestTimeout;

    private OkHttpTransport(OkHttpClient client, Duration requestTimeout) {
        this.client = client;
        this.requestTimeout = requestTimeout;
    }

    /** Returns a transport with the limits of {@link #builder()}. */
    public static OkHttpTransport create() {
        return builder().build();
    }

    /** Returns a builder: 10 s to connect, 30 s for all of a request, the trust and the proxy that the platform is set to. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Response send(Request request) throws IOException {
        Call call = client.newCall(toOkHttp(request));
        Answer answer = new Answer();
        // Not on this thread, where neither an interrupt nor the end of the time would be noticed while a socket is read.
        call.enqueue(answer);
        try {
            return answer.result.get(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            call.cancel();
            throw new InterruptedIOException("no complete answer within " + requestTimeout);
        } catch (InterruptedException e) {
            call.cancel();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("the request failed", e.getCause());
        }
    }

    private static okhttp3.Request toOkHttp(Request request) throws IOException {
        HttpUrl url = HttpUrl.get(request.url());
        if (url == null) {
            throw new IOException("only http and https are carried");
        }
        boolean hasBody = request.body().isPresent() || request.method() != Method.GET;
        okhttp3.Request.Builder builder = new okhttp3.Request.Builder().url(url)
                .method(request.method().name(), hasBody ? new SentOnce(request.body().orElse(new byte[0])) : null)
                // In place of OkHttp's own, which tells its version.
                .header("User-Agent", "signet-client")
                // Else OkHttp asks for gzip, and unpacks an answer to whatever size it has then.
                .header("Accept-Encoding", "identity");
        request.headers().forEach(builder::header);
        return builder.build();
    }

    /** A body that OkHttp does not send a second time, whatever befalls the first. */
    private static final class SentOnce extends RequestBody {
        private final byte[] bytes;

        SentOnce(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public okhttp3.@Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return bytes.length;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }

        @Override
        public boolean isOneShot() {
            return true;
        }
    }

    /** Takes what comes back, on a thread of OkHttp's. */
    private static final class Answer implements Callback {
        private final CompletableFuture<Response> result = new CompletableFuture<>();

        @Override
        public void onFailure(Call call, IOException e) {
            result.completeExceptionally(e);
        }

        @Override
        public void onResponse(Call call, okhttp3.Response response) {
            try (ResponseBody body = response.body()) {
                result.complete(Response.of(response.code(), headers(response), read(body)));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        private static byte[] read(ResponseBody body) throws IOException {
            BufferedSource source = body.source();
            if (body.contentLength() > MAX_BODY_BYTES || source.request(MAX_BODY_BYTES + 1L)) {
                throw new IOException("the answer is larger than " + MAX_BODY_BYTES + " bytes");
            }
            return source.readByteArray();
        }

        private static Map<String, List<String>> headers(okhttp3.Response response) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(response.headers().toMultimap());
            List<String> kept = headers.remove(KEPT_RETRY_AFTER);
            if (kept != null) {
                headers.put(RETRY_AFTER, kept);
            }
            return headers;
        }
    }

    /** Hides a {@code Retry-After} from OkHttp, which sends a request again at once when it is 0, even one that was done. */
    private static final class NeverAgain implements Interceptor {
        @Override
        public okhttp3.Response intercept(Chain chain) throws IOException {
            okhttp3.Response response = chain.proceed(chain.request());
            okhttp3.Response.Builder hidden = response.newBuilder().removeHeader(RETRY_AFTER);
            response.headers(RETRY_AFTER).forEach(value -> hidden.addHeader(KEPT_RETRY_AFTER, value));
            return hidden.build();
        }
    }

    /** Sets up an {@link OkHttpTransport}; not for use by several threads. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofMinutes(10);

        private final OkHttpClient.Builder client = new OkHttpClient.Builder();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration requestTimeout = Duration.ofSeconds(30);

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

        /** Sets whom to trust, in place of the platform's own certificate authorities. Names are checked in any case. */
        public Builder trustManager(X509TrustManager trustManager) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[]{trustManager}, null);
                client.sslSocketFactory(context.getSocketFactory(), trustManager);
                return this;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this platform has no TLS", e);
            }
        }

        /**
         * Sets a proxy through which everything goes, HTTP or SOCKS, in place of what the platform is set to. A SOCKS proxy
         * resolves names: nothing of them is asked on this side.
         */
        public Builder proxy(Proxy proxy) {
            client.proxy(proxy);
            return this;
        }

        /** Sets who says which proxy a request goes through, in place of what the platform is set to. */
        public Builder proxySelector(ProxySelector selector) {
            client.proxySelector(selector);
            return this;
        }

        /** Returns the transport. */
        public OkHttpTransport build() {
            Dispatcher dispatcher = new Dispatcher(Executors.newCachedThreadPool(work -> {
                Thread thread = new Thread(work, "signet-okhttp");
                thread.setDaemon(true);
                return thread;
            }));
            dispatcher.setMaxRequests(MAX_CALLS);
            dispatcher.setMaxRequestsPerHost(MAX_CALLS);
            return new OkHttpTransport(client.build()
                    .newBuilder()
                    .dispatcher(dispatcher)
                    .protocols(List.of(Protocol.HTTP_1_1))
                    .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                    .addNetworkInterceptor(new NeverAgain())
                    .followRedirects(false)
                    .followSslRedirects(false)
                    .retryOnConnectionFailure(false)
                    .connectTimeout(connectTimeout.toMillis(), TimeUnit.MILLISECONDS)
                    // The time for all of a request counts these.
                    .readTimeout(0, TimeUnit.MILLISECONDS)
                    .writeTimeout(0, TimeUnit.MILLISECONDS)
                    .build(), requestTimeout);
        }

        private static Duration checked(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a time limit is more than nothing and at most " + LONGEST);
            }
            return timeout;
        }
    }
}
