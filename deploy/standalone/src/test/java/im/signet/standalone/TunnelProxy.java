package im.signet.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that opens tunnels to the hosts that it knows, wherever they really are, and to nobody else. */
final class TunnelProxy implements AutoCloseable {

    private static final int MAX_HEAD = 8 * 1024;

    private final ServerSocket socket;
    private final Map<String, InetSocketAddress> hosts;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private TunnelProxy(Map<String, InetSocketAddress> hosts) throws IOException {
        this.hosts = hosts;
        this.socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    /** Starts one that knows these, each as {@code host:port}. */
    static TunnelProxy to(Map<String, InetSocketAddress> hosts) {
        try {
            return new TunnelProxy(hosts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Returns which tunnels were asked for. */
    List<String> asked() {
        return asked;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String[] words = head(client.getInputStream()).split(" ", 3);
            String host = words.length == 3 && words[0].equals("CONNECT") ? words[1] : "";
            asked.add(host);
            InetSocketAddress target = hosts.get(host);
            OutputStream out = client.getOutputStream();
            if (target == null) {
                out.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            try (Socket server = new Socket(target.getAddress(), target.getPort())) {
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread back = Thread.ofVirtual().start(() -> pass(server, client));
                pass(client, server);
                back.join();
            }
        } catch (IOException | InterruptedException ended) {
            // The one side or the other is gone; so is the tunnel.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c != -1 && head.length() < MAX_HEAD; c = in.read()) {
            head.append((char) c);
            if (head.toString().endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString();
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException ended) {
            // As above.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
