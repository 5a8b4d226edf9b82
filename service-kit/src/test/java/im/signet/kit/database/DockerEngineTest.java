package im.signet.kit.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DockerEngineTest {

    @TempDir
    Path temp;

    @Test
    void isNotThereWithoutASocket() {
        assertThat(DockerEngine.at("unix://" + temp.resolve("docker.sock")).answers()).isFalse();
    }

    @Test
    void isNotWaitedForWhenItAcceptsAndNeverAnswers() throws IOException {
        SocketAddress address = UnixDomainSocketAddress.of(temp.resolve("docker.sock"));
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(address);
            assertThat(new DockerEngine(address).answers()).isFalse();
        }
    }

    @Test
    void answersAPing() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread engine = answering(socket, "HTTP/1.1 200 OK\r\n\r\nOK");
            assertThat(DockerEngine.at("tcp://127.0.0.1:" + socket.getLocalPort()).answers()).isTrue();
            engine.join();
        }
    }

    @Test
    void fetchesAMissingImageOnce() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread engine = answering(socket, "HTTP/1.1 404 Not Found\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n{}",
                    "HTTP/1.1 200 OK\r\n\r\n{}");
            assertThat(new DockerEngine(address(socket)).provides("postgres:18")).isTrue();
            engine.join();
        }
    }

    @Test
    void doesWithoutAnImageThatCannotBeFetched() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread engine = answering(socket, "HTTP/1.1 404 Not Found\r\n\r\n", "HTTP/1.1 500 Oops\r\n\r\n",
                    "HTTP/1.1 404 Not Found\r\n\r\n");
            assertThat(new DockerEngine(address(socket)).provides("postgres:18")).isFalse();
            engine.join();
        }
    }

    private static SocketAddress address(ServerSocket socket) {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    private static Thread answering(ServerSocket socket, String... answers) {
        Queue<String> left = new ArrayDeque<>(List.of(answers));
        return Thread.ofVirtual().start(() -> {
            while (!left.isEmpty()) {
                try (Socket connection = socket.accept()) {
                    byte[] request = new byte[1000];
                    if (connection.getInputStream().read(request) > 0) {
                        connection.getOutputStream().write(left.remove().getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException e) {
                    return;
                }
            }
        });
    }
}
