package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.OutboundResult.Refused;
import im.signet.kit.outbound.OutboundResult.Unreachable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTPS requests to hosts that a stranger named, such as a homeserver in an OpenID token.
 *
 * <p>A name is resolved once, each of its addresses is checked by an {@link AddressPolicy}, and the connection goes to
 * one of just those addresses, while Host header and certificate check keep the name. A name with one address that is
 * not permitted is refused as a whole. Certificates and host names are always verified; revocation is not asked for.
 * Limited are the total time (also of a server that sends a byte now and then), the size of the answer, the redirects
 * and the connections at once, per destination and in all. There are no cookies, no credentials, no proxies, no
 * decompression: an answer that comes compressed is refused, as none is asked for.
 *
 * <p>Safe for use by many threads; waiting blocks virtual threads only where the caller is one.
 */
public final class GuardedHttpClient implements AutoCloseable {

    static final int MAX_REDIRECTS = 5;
    private static final int MAX_REQUESTS_UNDER_WAY = 256;

    private final CloseableHttpClient client;
    private final Semaphore underWay = new Semaphore(MAX_REQUESTS_UNDER_WAY);
    private volatile boolean closed;

    GuardedHttpClient(CloseableHttpClient client) {
        this.client = client;
    }

    /**
     * Returns a client.
     *
     * @param extraAuthorities a PEM file of certificates that are trusted besides the system's
     * @throws IllegalArgumentException when that file cannot be read or has no certificate in it
     */
    public static GuardedHttpClient create(AddressPolicy policy, NameResolver names, Optional<Path> extraAuthorities) {
        return new GuardedHttpClient(PinnedConnections.client(policy, names,
                TrustedCertificates.sslContext(extraAuthorities), PinnedConnections::plainSocket));
    }

    /**
     * Sends a request and returns what came of it, at the latest when its time limit has passed.
     *
     * @throws IllegalStateException for a defect of ours, never for what a host does
     */
    public OutboundResult send(OutboundRequest request) {
        WireLogging.silence();
        Destination destination = request.destination();
        if (!underWay.tryAcquire()) {
            return new Unreachable("too many requests to other hosts are under way; " + destination + " was not asked");
        }
        // In a thread of its own, as interrupting it is what ends a slow resolution, handshake or answer in time.
        CompletableFuture<OutboundResult> result = new CompletableFuture<>();
        Thread worker = Thread.ofVirtual().name("outbound").start(() -> {
            try {
                result.complete(exchange(request));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            } finally {
                underWay.release();
            }
        });
        try {
            return result.get(request.timeLimit().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            worker.interrupt();
            return new Unreachable(destination + " did not answer completely in time");
        } catch (InterruptedException _) {
            worker.interrupt();
            Thread.currentThread().interrupt();
            return new Unreachable("interrupted before " + destination + " answered");
        } catch (ExecutionException e) {
            if (closed) {
                return new Unreachable("closed before " + destination + " answered");
            }
            throw new IllegalStateException("a defect of ours while asking " + destination, e.getCause());
        }
    }

    private OutboundResult exchange(OutboundRequest first) {
        OutboundRequest request = first;
        for (int redirects = 0;; redirects++) {
            OutboundResult result = exchangeOnce(request);
            if (!request.followsRedirects() || !(result instanceof Answered answered)) {
                return result;
            }
            Optional<String> location = redirect(answered);
            if (location.isEmpty()) {
                return result;
            }
            if (redirects == MAX_REDIRECTS) {
                return new Refused(first.destination() + " redirects more than " + MAX_REDIRECTS + " times");
            }
            Optional<OutboundRequest> next = follow(request, location.get());
            if (next.isEmpty()) {
                return new Refused(request.destination() + " redirects to something else than an https URL");
            }
            request = next.get();
        }
    }

    private static Optional<String> redirect(Answered answered) {
        return switch (answered.status()) {
            case 301, 302, 303, 307, 308 -> answered.header("Location");
            default -> Optional.empty();
        };
    }

    private static Optional<OutboundRequest> follow(OutboundRequest request, String location) {
        URI target;
        try {
            target = new URI("https", request.destination().authority(), "/", null, null)
                    .resolve(new URI(request.pathAndQuery()))
                    .resolve(new URI(location));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
        String path = target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String pathAndQuery = target.getRawQuery() == null ? path : path + "?" + target.getRawQuery();
        if (!"https".equalsIgnoreCase(target.getScheme()) || !OutboundRequest.isPathAndQuery(pathAndQuery)) {
            return Optional.empty();
        }
        return destination(target, request.destination())
                .map(destination -> request.redirectedTo(destination, pathAndQuery));
    }

    private static Optional<Destination> destination(URI target, Destination current) {
        if (current.authority().equals(target.getRawAuthority())) {
            return Optional.of(current);
        }
        // A host that the JDK does not parse as one, user information included, is null here.
        String host = target.getHost();
        if (host == null || target.getRawUserInfo() != null) {
            return Optional.empty();
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = target.getPort() == -1 ? 443 : target.getPort();
        return Destination.isHost(bare) && port >= 1 && port <= 65535
                ? Optional.of(Destination.of(bare, port))
                : Optional.empty();
    }

    private OutboundResult exchangeOnce(OutboundRequest request) {
        Destination destination = request.destination();
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), URI.create("/"));
        http.setScheme("https");
        http.setAuthority(new URIAuthority(destination.name(), destination.namedPort().orElse(-1)));
        http.setPath(request.pathAndQuery());
        http.setHeader("Accept", "application/json");
        http.setHeader("Accept-Encoding", "identity");
        request.json().ifPresent(json -> http.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON)));
        HttpHost connectTo = new HttpHost("https", destination.connectHost(), destination.connectPort());
        try {
            ClassicHttpResponse response = client.executeOpen(connectTo, http, HttpClientContext.create());
            try {
                return read(response, request);
            } finally {
                // Closing alone would first read the rest of the answer, however long, to keep the connection.
                http.cancel();
                Closer.closeQuietly(response);
            }
        } catch (UnknownHostException e) {
            return e instanceof AddressNotPermittedException
                    ? new Refused(destination + " leads to an address that may not be connected to")
                    : new Unreachable(destination + " does not resolve: " + e.getMessage());
        } catch (IOException e) {
            return Failures.outcome(destination, e);
        }
    }

    private static OutboundResult read(ClassicHttpResponse response, OutboundRequest request) throws IOException {
        Destination destination = request.destination();
        @Nullable
        HttpEntity entity = response.getEntity();
        byte[] body = new byte[0];
        if (entity != null) {
            String encoding = entity.getContentEncoding();
            if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
                return new Refused(destination + " answers in an encoding that was not asked for");
            }
            if (entity.getContentLength() > request.sizeLimit()) {
                return tooLarge(request);
            }
            InputStream content = entity.getContent();
            body = content.readNBytes(request.sizeLimit());
            if (body.length == request.sizeLimit() && content.read() != -1) {
                return tooLarge(request);
            }
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        return new Answered(response.getCode(), headers, body);
    }

    private static Refused tooLarge(OutboundRequest request) {
        return new Refused(request.destination() + " answers with more than " + request.sizeLimit() + " bytes");
    }

    /** Closes all connections; requests under way become unreachable. */
    @Override
    public void close() {
        closed = true;
        client.close(CloseMode.IMMEDIATE);
    }
}
