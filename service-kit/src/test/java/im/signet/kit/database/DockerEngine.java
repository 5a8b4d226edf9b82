package im.signet.kit.database;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * The Docker engine of this machine, asked over its raw socket with a limit on every question: the usual clients wait
 * for minutes on a socket that accepts and never answers.
 */
record DockerEngine(SocketAddress address) {
    private static final Duration PING_LIMIT = Duration.ofSeconds(2);
    private static final Duration PULL_LIMIT = Duration.ofSeconds(60);

    /** Returns the engine that the value of `DOCKER_HOST` names, or the one at its usual place. */
    static DockerEngine at(@Nullable String dockerHost) {
        if (dockerHost == null || dockerHost.isBlank()) {
            return new DockerEngine(UnixDomainSocketAddress.of(Path.of("/var/run/docker.sock")));
        }
        URI uri = URI.create(dockerHost);
        return new DockerEngine("unix".equals(uri.getScheme())
                ? UnixDomainSocketAddress.of(Path.of(uri.getPath()))
                : new InetSocketAddress(uri.getHost(), uri.getPort()));
    }

    /** Returns whether an engine answers there. */
    boolean answers() {
        return ask("GET", "/_ping", PING_LIMIT) == 200;
    }

    /** Returns whether the image is there, after one try to fetch it if it was not. */
    boolean provides(String image) {
        if (has(image)) {
            return true;
        }
        int tag = image.lastIndexOf(':');
        ask("POST", "/images/create?fromImage=" + image.substring(0, tag) + "&tag=" + image.substring(tag + 1),
                PULL_LIMIT);
        return has(image);
    }

    private boolean has(String image) {
        return ask("GET", "/images/" + image + "/json", PING_LIMIT) == 200;
    }

    // Returns the status, or 0 when there is none within the limit.
    private int ask(String method, String path, Duration limit) {
        try (SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open()) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(exchange(channel, method, path));
                } catch (IOException | RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            String text = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return text.matches("(?s)HTTP/1\\.[01] \\d{3} .*") ? Integer.parseInt(text.substring(9, 12)) : 0;
        } catch (IOException | ExecutionException | TimeoutException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    // HTTP/1.0: the engine closes the connection after its answer, so the answer is all there is to read.
    private String exchange(SocketChannel channel, String method, String path) throws IOException {
        channel.connect(address);
        ByteBuffer request = StandardCharsets.US_ASCII
                .encode(method + " " + path + " HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n");
        while (request.hasRemaining()) {
            channel.write(request);
        }
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
}
