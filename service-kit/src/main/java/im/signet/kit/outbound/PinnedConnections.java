package im.signet.kit.outbound;

import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Sets up Apache HttpClient so that it opens connections to checked addresses only, over verified TLS. */
final class PinnedConnections {

    private static final int MAX_CONNECTIONS = 200;
    private static final int MAX_CONNECTIONS_PER_DESTINATION = 8;
    private static final int MAX_ADDRESSES_TRIED = 4;
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(3);
    private static final Timeout SILENCE_TIMEOUT = Timeout.ofSeconds(8);
    private static final TimeValue IDLE_LIFETIME = TimeValue.ofSeconds(20);
    // A connection outlives the DNS answer it was opened for; not for long.
    private static final TimeValue CONNECTION_LIFETIME = TimeValue.ofMinutes(2);

    private PinnedConnections() {}

    static CloseableHttpClient client(AddressPolicy policy, NameResolver names, SSLContext tls,
            Supplier<Socket> sockets) {
        return HttpClients.custom()
                .setConnectionManager(connections(new CheckedAddresses(policy, names), tls, sockets))
                .setRoutePlanner(new DefaultRoutePlanner(null))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(SILENCE_TIMEOUT)
                        .setResponseTimeout(SILENCE_TIMEOUT)
                        .setConnectionKeepAlive(IDLE_LIFETIME)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("Signet")
                .setRetryStrategy(new AfterAStaleConnection())
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .disableConnectionState()
                .evictIdleConnections(IDLE_LIFETIME)
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(DnsResolver addresses, SSLContext tls,
            Supplier<Socket> sockets) {
        TlsSocketStrategy verified = new DefaultClientTlsStrategy(tls, HostnameVerificationPolicy.BOTH,
                new DefaultHostnameVerifier());
        PoolingHttpClientConnectionManagerBuilder builder = new PoolingHttpClientConnectionManagerBuilder() {

            @Override
            protected HttpClientConnectionOperator createConnectionOperator(SchemePortResolver ports,
                    DnsResolver resolver, TlsSocketStrategy strategy) {
                // Only https is registered, and no proxy is asked for, not even the JVM's own.
                return new DefaultHttpClientConnectionOperator(_ -> sockets.get(), ports, resolver,
                        RegistryBuilder.<TlsSocketStrategy>create().register("https", strategy).build());
            }
        };
        return builder.setTlsSocketStrategy(verified)
                .setDnsResolver(addresses)
                .setConnectionFactory(new ManagedHttpClientConnectionFactory(
                        Http1Config.custom().setMaxLineLength(8 * 1024).setMaxHeaderCount(100).build(), null, null))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_TIMEOUT)
                        .setSocketTimeout(SILENCE_TIMEOUT)
                        .setTimeToLive(CONNECTION_LIFETIME)
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS_PER_DESTINATION)
                .build();
    }

    static Socket plainSocket() {
        return new Socket(Proxy.NO_PROXY);
    }

    /** The one place where a host becomes addresses; the connection goes to what is returned here. */
    private record CheckedAddresses(AddressPolicy policy, NameResolver names) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            // HttpClient shows a punycode name in Unicode.
            String name = host.chars().allMatch(c -> c < 0x80) ? host : IDN.toASCII(host);
            Optional<InetAddress> literal = IpLiteral.ofHost(name);
            List<InetAddress> addresses = literal.isPresent() ? List.of(literal.get()) : names.addresses(name);
            if (!addresses.stream().allMatch(policy::permits)) {
                throw new AddressNotPermittedException();
            }
            return addresses.stream().limit(MAX_ADDRESSES_TRIED).toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /**
     * A server may close or reset a kept connection just when it is used again; then a GET is sent once more, on a new
     * connection or another kept one. What fails on a connection of its own has failed.
     */
    private static final class AfterAStaleConnection implements HttpRequestRetryStrategy {

        @Override
        public boolean retryRequest(HttpRequest request, IOException exception, int execCount, HttpContext context) {
            return execCount <= MAX_CONNECTIONS_PER_DESTINATION && request.getMethod().equals("GET")
                    && wasKept(HttpCoreContext.cast(context).getEndpointDetails()) && brokeOff(exception);
        }

        // The answer to this request never began, so that one on this connection was to an earlier request.
        private static boolean wasKept(@Nullable EndpointDetails connection) {
            return connection != null && connection.getResponseCount() > 0;
        }

        private static boolean brokeOff(IOException exception) {
            for (@Nullable
            Throwable cause = exception; cause != null; cause = cause.getCause()) {
                if (cause instanceof NoHttpResponseException || cause instanceof SocketException) {
                    return !Thread.currentThread().isInterrupted();
                }
            }
            return false;
        }

        @Override
        public boolean retryRequest(HttpResponse response, int execCount, HttpContext context) {
            return false;
        }

        @Override
        public TimeValue getRetryInterval(HttpResponse response, int execCount, HttpContext context) {
            return TimeValue.ZERO_MILLISECONDS;
        }
    }
}
