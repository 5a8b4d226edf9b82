package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import com.sun.net.httpserver.HttpServer;

/** Takes traces as a collector does, by OTLP over HTTP, and reads the protobuf that they come in. */
final class TraceCollector implements AutoCloseable {

    private final HttpServer server;
    private final List<byte[]> received = new CopyOnWriteArrayList<>();

    private TraceCollector(HttpServer server) {
        this.server = server;
    }

    static TraceCollector start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TraceCollector collector = new TraceCollector(server);
            server.createContext("/v1/traces", exchange -> {
                collector.received.add(exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return collector;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** Returns everything that came, as text; what is no text is there as well. */
    String text() {
        StringBuilder text = new StringBuilder();
        received.forEach(body -> text.append(new String(body, StandardCharsets.ISO_8859_1)).append('\n'));
        return text.toString();
    }

    /** One span. */
    record Span(String trace, String id, String parent, String name, Map<String, String> attributes) {}

    List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        for (byte[] body : received) {
            for (byte[] resource : messages(body, 1)) {
                for (byte[] scope : messages(resource, 2)) {
                    messages(scope, 2).forEach(span -> spans.add(span(span)));
                }
            }
        }
        return spans;
    }

    /** Returns the spans, as soon as one of them is wanted. */
    List<Span> await(Predicate<Span> wanted) throws InterruptedException {
        for (int i = 0; i < 1200 && spans().stream().noneMatch(wanted); i++) {
            Thread.sleep(50);
        }
        return spans();
    }

    private static Span span(byte[] span) {
        Map<String, String> attributes = new TreeMap<>();
        for (byte[] pair : messages(span, 9)) {
            byte[] value = messages(pair, 2).getFirst();
            List<byte[]> texts = messages(value, 1);
            attributes.put(text(messages(pair, 1)), texts.isEmpty() ? "a number" : text(texts));
        }
        return new Span(hex(messages(span, 1)), hex(messages(span, 2)), hex(messages(span, 4)), text(messages(span, 5)),
                attributes);
    }

    private static String hex(List<byte[]> values) {
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.getFirst());
    }

    private static String text(List<byte[]> values) {
        return values.isEmpty() ? "" : new String(values.getFirst(), StandardCharsets.UTF_8);
    }

    /** Returns the values of a field that has a length: messages, texts and bytes. */
    private static List<byte[]> messages(byte[] message, int field) {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            long tag = varint(rest);
            switch ((int) (tag & 7)) {
                case 0 -> varint(rest);
                case 1 -> rest.getLong();
                case 5 -> rest.getInt();
                case 2 -> {
                    byte[] value = new byte[(int) varint(rest)];
                    rest.get(value);
                    if (tag >> 3 == field) {
                        found.add(value);
                    }
                }
                default -> throw new AssertionError("no protobuf");
            }
        }
        return found;
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
