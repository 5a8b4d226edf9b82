package im.signet.client.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that does with each connection what a test wants, which need not be HTTP, and then closes it. */
public final class RawServer implements AutoCloseable {
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Does with one connection what a test wants. */
    public interface Reaction {
        /** Reads and writes; the connection is closed afterwards. */
        void to(Socket connection) throws IOException;
    }

    private RawServer(ServerSocket socket) {
        this.socket = socket;
    }

    /** Returns a server on a free port. */
    public static RawServer start(Reaction reaction) throws IOException {
        RawServer server = new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        server.threads.execute(() -> server.accept(reaction));
        return server;
    }

    /** Returns where it listens, as an address of HTTP. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }

    /** Reads the head of a request, to the empty line, and returns it. */
    public static String readHead(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Writes {@code text}. */
    public static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        connection.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }

    private void accept(Reaction reaction) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                threads.execute(() -> react(reaction, connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void react(Reaction reaction, Socket connection) {
        try (connection) {
            reaction.to(connection);
        } catch (IOException e) {
            // The other side has gone, as some tests want it.
        }
    }
}
