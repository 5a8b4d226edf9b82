package im.signet.standalone;

import im.signet.demo.DemoAuthority;
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
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A proxy of Debian with a configuration of `deploy/proxy`, on loopback: only ports, certificate, user and log are changed. */
final class ReverseProxy implements AutoCloseable {

    private static final Path CONFIGURATIONS = Path.of("..", "proxy");

    /** A configuration as operators copy it. */
    enum Shipped {
        NGINX("nginx", "/usr/sbin/nginx", "nginx.conf"),
        NGINX_APART("nginx", "/usr/sbin/nginx", "nginx-apart.conf"),
        CADDY("caddy", "/usr/bin/caddy", "Caddyfile"),
        CADDY_APART("caddy", "/usr/bin/caddy", "Caddyfile-apart"),
        HAPROXY("haproxy", "/usr/sbin/haproxy", "haproxy.cfg"),
        HAPROXY_APART("haproxy", "/usr/sbin/haproxy", "haproxy-apart.cfg");

        private final String software;
        private final Path binary;
        private final Path file;

        Shipped(String software, String binary, String file) {
            this.software = software;
            this.binary = Path.of(binary);
            this.file = CONFIGURATIONS.resolve(file);
        }

        /** Returns the name of the program that reads it. */
        String software() {
            return software;
        }

        /** Returns whether that is installed. */
        boolean isInstalled() {
            return Files.isExecutable(binary);
        }

        /** Returns whether it is for services as processes of their own. */
        boolean isApart() {
            return name().endsWith("_APART");
        }

        private String read() throws IOException {
            return Files.readString(file);
        }
    }

    /**
     * A server behind the proxy.
     *
     * @param port       where it serves
     * @param management where it says whether it is ready; only HAProxy asks
     */
    record Replica(int port, int management) {}

    /** All servers behind the proxy: each of them serves everything, or one service. */
    record Replicas(List<Replica> all, List<Replica> terms, List<Replica> identities, List<Replica> names) {

        static Replicas together(List<Replica> all) {
            return new Replicas(all, List.of(), List.of(), List.of());
        }

        static Replicas apart(List<Replica> terms, List<Replica> identities, List<Replica> names) {
            return new Replicas(List.of(), terms, identities, names);
        }
    }

    private final Process process;
    private final int port;
    private final Path folder;

    private ReverseProxy(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Returns whether nginx is installed. */
    static boolean isInstalled() {
        return Shipped.NGINX.isInstalled();
    }

    /** Returns whether HAProxy is installed. */
    static boolean isHaproxyInstalled() {
        return Shipped.HAPROXY.isInstalled();
    }

    /** Starts it below that folder, with a certificate for `localhost` of that authority, and waits until it listens. */
    static ReverseProxy start(Shipped shipped, Path parent, Replicas replicas, DemoAuthority authority)
            throws IOException {
        Path folder = Files.createTempDirectory(parent, shipped.software());
        int port = ServerProcess.freePort();
        Path certificate = folder.resolve("localhost.pem");
        authority.writeServerFile(certificate, "localhost");
        Site site = new Site(shipped.read(), folder, port, certificate, replicas);
        List<String> command = switch (shipped) {
            case NGINX, NGINX_APART -> List.of(shipped.binary.toString(), "-c", nginx(site).toString(), "-p",
                    folder.toString(), "-e", folder.resolve("nginx.log").toString());
            case CADDY, CADDY_APART ->
                List.of(shipped.binary.toString(), "run", "--adapter", "caddyfile", "--config", caddy(site).toString());
            case HAPROXY, HAPROXY_APART -> List.of(shipped.binary.toString(), "-db", "-f", haproxy(site).toString());
        };
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.log").toFile());
        builder.environment().put("HOME", folder.toString());
        ReverseProxy proxy = new ReverseProxy(builder.start(), port, folder);
        proxy.awaitReady();
        return proxy;
    }

    private record Site(String shipped, Path folder, int port, Path certificate, Replicas replicas) {}

    private static Path nginx(Site site) throws IOException {
        String text = changed(site.shipped(), "listen 443 ssl", "listen 127.0.0.1:" + site.port() + " ssl");
        text = changed(text, "listen \\[::]:443 ssl http2;", "");
        text = changed(text, "(?m)^( *ssl_certificate(_key)? +)[^;]*;", "$1" + site.certificate() + ";");
        text = changed(text, "/var/log/nginx/signet.log", site.folder().resolve("proxy.log").toString());
        text = servers(text, "server 127\\.0\\.0\\.1:%d;", "server 127.0.0.1:%d;", site.replicas());
        return Files.writeString(site.folder().resolve("nginx.conf"), """
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
                """.formatted(site.folder(), text));
    }

    private static Path caddy(Site site) throws IOException {
        // With a certificate of its own it gets none elsewhere; it listens to nobody who would change its configuration.
        String text = changed(site.shipped(), "(?m)^\\{$",
                "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tdefault_bind 127.0.0.1");
        text = changed(text, "(?m)^id\\.example\\.org \\{$", "https://localhost:" + site.port() + " {\n\ttls "
                + site.certificate() + " " + site.certificate());
        text = servers(text, "127\\.0\\.0\\.1:%d(?=[ \n])", "127.0.0.1:%d", site.replicas());
        return Files.writeString(site.folder().resolve("Caddyfile"), text);
    }

    private static Path haproxy(Site site) throws IOException {
        String text = changed(site.shipped(), "bind :443 ssl crt /etc/haproxy/id.example.org.pem",
                "bind 127.0.0.1:" + site.port() + " ssl crt " + site.certificate());
        text = changed(text, "(?m)^ *bind :::443 .*$", "");
        text = changed(text, "log /dev/log local0", "log stdout format raw local0");
        text = changed(text, "(?m)^ *(user|group) haproxy$", "");
        Replicas replicas = site.replicas();
        text = checked(text, 8090, replicas.all(), 0);
        text = checked(text, 8190, replicas.all(), 1);
        text = checked(text, 8091, replicas.terms(), 0);
        for (int i = 0; i < 2; i++) {
            text = checked(text, 8092 + i, replicas.identities(), i);
            text = checked(text, 8094 + i, replicas.names(), i);
        }
        return Files.writeString(site.folder().resolve("haproxy.cfg"), text);
    }

    private static String checked(String text, int shippedPort, List<Replica> replicas, int which) {
        if (replicas.isEmpty()) {
            return text;
        }
        Replica replica = replicas.get(Math.min(which, replicas.size() - 1));
        return changed(text, "127\\.0\\.0\\.1:" + shippedPort + " port \\d+",
                "127.0.0.1:" + replica.port() + " port " + replica.management());
    }

    /** Puts all servers where the first of them stands in the file. */
    private static String servers(String text, String shipped, String one, Replicas replicas) {
        String all = servers(text, shipped, 8090, one, replicas.all());
        String terms = servers(all, shipped, 8091, one, replicas.terms());
        String identities = servers(terms, shipped, 8092, one, replicas.identities());
        return servers(identities, shipped, 8094, one, replicas.names());
    }

    private static String servers(String text, String shipped, int port, String one, List<Replica> replicas) {
        return replicas.isEmpty()
                ? text
                : changed(text, shipped.formatted(port), replicas.stream()
                        .map(replica -> one.formatted(replica.port()))
                        .collect(Collectors.joining(" ")));
    }

    private static String changed(String text, String what, String into) {
        String changed = text.replaceAll(what, into.contains("$1") ? into : Matcher.quoteReplacement(into));
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
        throw new IOException("the proxy did not come up: " + log());
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
        return URI.create("https://localhost:" + port);
    }

    /** Returns all that it wrote into its logs. */
    String log() {
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(name -> name.toString().endsWith(".log")).toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
