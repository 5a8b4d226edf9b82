package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;

/** An SMS provider on loopback, which keeps the codes and links that it was to send. */
final class SmsGateway implements AutoCloseable {

    private static final Pattern CODE = Pattern.compile("\\b\\d{6}\\b");
    private static final Pattern LINK = Pattern.compile("https?://[^\"\\\\\\s]+");
    private static final Pattern TO = Pattern.compile("\"to\":\"([^\"]*)\"");

    private final HttpServer server;
    private final BlockingQueue<String> codes = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> links = new LinkedBlockingQueue<>();
    private final List<String> recipients = new CopyOnWriteArrayList<>();

    private SmsGateway(HttpServer server) {
        this.server = server;
    }

    static SmsGateway start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            SmsGateway gateway = new SmsGateway(server);
            server.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                Matcher to = TO.matcher(body);
                if (to.find()) {
                    gateway.recipients.add(to.group(1));
                }
                Matcher link = LINK.matcher(body);
                if (link.find()) {
                    gateway.links.add(link.group());
                }
                Matcher code = CODE.matcher(TO.matcher(body).replaceAll(""));
                if (code.find()) {
                    gateway.codes.add(code.group());
                }
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/send";
    }

    /** Returns whom it was to write to so far, oldest first, as the server wrote their numbers. */
    List<String> recipients() {
        return List.copyOf(recipients);
    }

    String awaitCode() {
        return await(codes);
    }

    URI awaitLink() {
        return URI.create(await(links));
    }

    private static String await(BlockingQueue<String> messages) {
        try {
            String code = messages.poll(30, TimeUnit.SECONDS);
            if (code == null) {
                throw new AssertionError("no message came");
            }
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
