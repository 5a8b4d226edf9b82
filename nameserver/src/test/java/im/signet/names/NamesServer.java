package im.signet.names;

import im.signet.kit.outbox.Outbox;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.springframework.context.ConfigurableApplicationContext;

/** A nameserver that runs, called over real HTTP. */
public final class NamesServer implements AutoCloseable {

    public static final String CHALLENGES = "/_signet/ns/v1/challenges";
    public static final String BINDINGS = "/_signet/ns/v1/bindings";
    public static final String HANDLES = "/_signet/ns/v1/handles/";
    public static final String IDENTITIES = "/_signet/ns/v1/identities/";

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    NamesServer(ConfigurableApplicationContext context) {
        this.context = context;
        this.base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    /** Returns a part of the server. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    /** Ends the jobs that run by themselves when the clock is moved; returns the server. */
    public NamesServer withoutJobs() {
        part(Outbox.class).stop();
        return this;
    }

    /** Returns the keys that the discovery document publishes. */
    public List<JwsKey> statusKeys() {
        return get("/.well-known/signet").is(200)
                .array("status_keys")
                .orElseThrow()
                .items()
                .stream()
                .map(key -> JwsKey.parse(((JsonObject) key).string("x").orElseThrow()).orElseThrow())
                .toList();
    }

    public Answer get(String target, String... headers) {
        return send("GET", target, "", "", headers);
    }

    public Answer post(String target, String token, JsonObject body) {
        return send("POST", target, token, StrictJson.write(body));
    }

    public Answer put(String target, String token, JsonObject body) {
        return send("PUT", target, token, StrictJson.write(body));
    }

    /** Sends a request as it is, with a token unless that is empty. */
    public Answer send(String method, String target, String token, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + target))
                .timeout(Duration.ofSeconds(60))
                .method(method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a body of any bytes, with its length or in chunks. */
    Answer send(String method, String target, String token, byte[] body, boolean chunked, String contentType) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + target))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", contentType)
                .method(method,
                        chunked
                                ? HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return send(request);
    }

    /** Sends bytes as they are; returns all that comes back until the server ends it. */
    String raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(base).getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        context.close();
    }
}
