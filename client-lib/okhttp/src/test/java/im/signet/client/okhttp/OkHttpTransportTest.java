package im.signet.client.okhttp;

import im.signet.client.jdk.RawServer;
import im.signet.client.jdk.TransportContract;
import im.signet.client.transport.Method;
import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OkHttpTransportTest extends TransportContract {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    @Override
    protected Transport transport(Setup setup) {
        OkHttpTransport.Builder builder = OkHttpTransport.builder();
        setup.requestTimeout().ifPresent(builder::requestTimeout);
        setup.trusted().ifPresent(certificate -> builder.trustManager(certificate.trust()));
        setup.proxy().ifPresent(address -> builder.proxy(new Proxy(Proxy.Type.HTTP, address)));
        return builder.build();
    }

    private static Request get(String url) {
        return Request.of(Method.GET, URI.create(url), Map.of());
    }

    private static InetSocketAddress at(RawServer server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.url().getPort());
    }

    @Test
    void wantsTimeLimitsThatAreSome() {
        OkHttpTransport.Builder builder = OkHttpTransport.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofDays(1)));
    }

    @Test
    void carriesHttpOnly() {
        assertThatIOException().isThrownBy(() -> OkHttpTransport.create().send(get("ftp://127.0.0.1/a")));
    }

    @Test
    void getsOnlyOnceWhateverBecomesOfTheConnection() throws Exception {
        AtomicInteger gets = new AtomicInteger();
        try (RawServer server = RawServer.start(connection -> {
            gets.incrementAndGet();
            RawServer.readHead(connection);
        })) {
            assertThatIOException().isThrownBy(() -> OkHttpTransport.create().send(get(server.url().toString())));
            assertThat(gets).hasValue(1);
        }
    }

    @Test
    void leavesNoConnectionBehind() throws Exception {
        BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
        try (RawServer server = RawServer.start(connection -> {
            RawServer.readHead(connection);
            RawServer.write(connection, OK);
            ends.add(connection.getInputStream().read());
        })) {
            assertThat(OkHttpTransport.create().send(get(server.url().toString())).status()).isEqualTo(200);
            assertThat(ends.take()).isEqualTo(-1);
        }
    }

    @Test
    void aSocksProxyResolvesNames() throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        try (RawServer socks = RawServer.start(connection -> {
            names.add(socks(connection));
            RawServer.readHead(connection);
            RawServer.write(connection, OK);
        })) {
            OkHttpTransport transport = OkHttpTransport.builder()
                    .proxy(new Proxy(Proxy.Type.SOCKS, at(socks)))
                    .build();

            Response response = transport.send(get("http://id.invalid/a"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(names).containsExactly("id.invalid:80");
        }
    }

    /** Takes part in a SOCKS 5 conversation without a password, and returns which name and port it was asked for. */
    private static String socks(Socket connection) throws IOException {
        DataInputStream in = new DataInputStream(connection.getInputStream());
        assertThat(in.readByte()).isEqualTo((byte) 5);
        in.skipNBytes(in.readUnsignedByte());
        connection.getOutputStream().write(new byte[]{5, 0});
        byte[] start = in.readNBytes(4);
        assertThat(start).startsWith(5, 1, 0);
        // 3 is a name; 1 and 4 are addresses, so the name would have been asked for on this side.
        String host = start[3] == 3
                ? new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII)
                : "an address";
        int port = in.readUnsignedShort();
        connection.getOutputStream().write(new byte[]{5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return host + ":" + port;
    }

    @Test
    void asksTheSelectorWhichProxy() throws Exception {
        List<URI> asked = new CopyOnWriteArrayList<>();
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawServer proxy = RawServer.start(connection -> {
            heads.add(RawServer.readHead(connection));
            RawServer.write(connection, OK);
        })) {
            OkHttpTransport transport = OkHttpTransport.builder().proxySelector(selecting(at(proxy), asked)).build();
            assertThat(transport.send(get("http://id.invalid/a?b=c")).status()).isEqualTo(200);
            assertThat(heads).hasSize(1).allMatch(head -> head.startsWith("GET http://id.invalid/a?b=c HTTP/1.1"));
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void goesNoOtherWayThanTheProxy() throws Exception {
        InetSocketAddress closed;
        try (RawServer proxy = RawServer.start(connection -> RawServer.readHead(connection))) {
            closed = at(proxy);
        }
        List<URI> asked = new CopyOnWriteArrayList<>();
        AtomicInteger direct = new AtomicInteger();
        try (RawServer server = RawServer.start(connection -> direct.incrementAndGet())) {
            Request request = get(server.url().toString());
            OkHttpTransport selecting = OkHttpTransport.builder().proxySelector(selecting(closed, asked)).build();
            assertThatIOException().isThrownBy(() -> selecting.send(request));
            for (Proxy.Type type : List.of(Proxy.Type.HTTP, Proxy.Type.SOCKS)) {
                OkHttpTransport fixed = OkHttpTransport.builder().proxy(new Proxy(type, closed)).build();
                assertThatIOException().isThrownBy(() -> fixed.send(request));
            }
            assertThat(asked).isNotEmpty();
            assertThat(direct).hasValue(0);
        }
    }

    private static ProxySelector selecting(InetSocketAddress proxy, List<URI> asked) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(new Proxy(Proxy.Type.HTTP, proxy));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                // There is no other to choose.
            }
        };
    }

    @Test
    void keepsNoProgramFromEnding() throws Exception {
        BlockingQueue<Boolean> daemons = new LinkedBlockingQueue<>();
        try (RawServer server = RawServer.start(connection -> {
            RawServer.readHead(connection);
            Thread.getAllStackTraces()
                    .keySet()
                    .stream()
                    .filter(thread -> thread.getName().startsWith("OkHttp")
                            || thread.getName().equals("signet-okhttp"))
                    .forEach(thread -> daemons.add(thread.isDaemon()));
            RawServer.write(connection, OK);
        })) {
            OkHttpTransport.create().send(get(server.url().toString()));
        }
        assertThat(daemons).isNotEmpty().containsOnly(true);
    }
}
