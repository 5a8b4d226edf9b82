package im.signet.standalone;

import im.signet.demo.walk.ServerProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Debian's nginx with the configuration of `deploy/proxy`, on loopback: only its ports, its certificate and its log are changed. */
final class ReverseProxy implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/sbin/nginx");
    private static final Path CONFIGURATION = Path.of("..", "proxy", "nginx-apart.conf");

    private final Process process;
    private final int port;
    private final Path folder;

    private ReverseProxy(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Returns whether it is installed. */
    static boolean isInstalled() {
        return Files.isExecutable(BINARY);
    }

    /** Starts it and waits until it listens. */
    static ReverseProxy start(Path folder, int terms, List<Integer> identities, List<Integer> names)
            throws IOException {
        int port = ServerProcess.freePort();
        String site = changed(changed(changed(changed(changed(Files.readString(CONFIGURATION), //
                "listen 443 ssl;", "listen 127.0.0.1:" + port + ";"), //
                "(?m)^ *ssl_certificate.*$", ""), //
                "server 127\\.0\\.0\\.1:8091;", "server 127.0.0.1:" + terms + ";"), //
                "server 127\\.0\\.0\\.1:8092;", servers(identities)), //
                "server 127\\.0\\.0\\.1:8094;", servers(names));
        site = changed(site, "/var/log/nginx/signet.log", folder.resolve("proxy.log").toString());
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/nginx.log;
                events {}
                http {
                    client_body_temp_path %1$s/nginx-body;
                    proxy_temp_path %1$s/nginx-proxy;
                    fastcgi_temp_path %1$s/nginx-fastcgi;
                    uwsgi_temp_path %1$s/nginx-uwsgi;
                    scgi_temp_path %1$s/nginx-scgi;
                %2$s
                }
                """.formatted(folder, site));
        Process process = new ProcessBuilder(BINARY.toString(), "-c", configuration.toString(), "-p",
                folder.toString(), "-e", folder.resolve("nginx.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        ReverseProxy proxy = new ReverseProxy(process, port, folder);
        proxy.awaitReady();
        return proxy;
    }

    private static String servers(List<Integer> ports) {
        return ports.stream().map(port -> "server 127.0.0.1:" + port + ";").collect(Collectors.joining(" "));
    }

    private static String changed(String text, String what, String into) {
        String changed = text.replaceAll(what, into);
        if (changed.equals(text)) {
            throw new IllegalStateException("the configuration has no " + what);
        }
        return changed;
    }

    private void awaitReady() throws IOException {
        for (int i = 0; i < 100 && process.isAlive(); i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException notYet) {
                pause();
            }
        }
        close();
        throw new IOException("nginx did not come up: " + log());
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns where it listens. */
    URI url() {
        return URI.create("http://localhost:" + port);
    }

    /** Returns all that it wrote into its logs. */
    String log() {
        StringBuilder text = new StringBuilder();
        for (String file : List.of("nginx.out", "nginx.log", "proxy.log")) {
            try {
                text.append(Files.exists(folder.resolve(file)) ? Files.readString(folder.resolve(file)) : "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
