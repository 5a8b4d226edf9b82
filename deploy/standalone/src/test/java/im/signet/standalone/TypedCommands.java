package im.signet.standalone;

import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A town as people on a command line see it: servers with names and TLS, behind a proxy, and {@code signet}, the one file, in
 * the path of each.
 */
final class TypedCommands implements AutoCloseable {

    private static final Path EXECUTABLE = Path.of("..", "..", "client-lib", "cli", "target", "signet")
            .toAbsolutePath();

    final Town town;
    private final TlsFront front;
    final TunnelProxy proxy;
    private final Path folder;

    TypedCommands(Path folder) throws IOException {
        this.folder = folder;
        town = Town.start(Map.of("signet.public-url", "https://id.example.org", "signet.names.domains", "example.org",
                "signet.names.registration", "open", "signet.limits.name-operations-per-key", "100 then 100 per 1h"));
        front = TlsFront.of(town.baseUrl(), town.authority, "id.example.org", "example.org");
        URI homeserver = town.homeserver.baseUrl();
        proxy = TunnelProxy.to(Map.of("id.example.org:443", front.address(), "example.org:443", front.address(),
                homeserver.getAuthority(),
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), homeserver.getPort())));
        town.authority.writeCaFile(folder.resolve("ca.pem"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path signet = Files.writeString(bin.resolve("signet"), """
                #!/bin/sh
                exec '%s' --proxy %s --ca-file '%s' "$@"
                """.formatted(EXECUTABLE, proxy.address(), folder.resolve("ca.pem")));
        Files.setPosixFilePermissions(signet, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What a command came to. */
    record Typed(int status, String output) {}

    /** Somebody with a device of their own: a folder in which they type, and a home for what signet keeps. */
    final class Person {

        final UserId user;
        final Path place;

        Person(String name, UserId user) throws IOException {
            this.user = user;
            this.place = Files.createDirectories(folder.resolve(name));
            Files.writeString(place.resolve("passphrase"), "correct horse of " + name + "\n");
            Files.writeString(place.resolve("token"), town.homeserver.accessToken(user) + "\n");
        }

        /** Types a line into a shell, without a terminal; returns what both outputs show. */
        Typed types(String line) throws IOException, InterruptedException {
            return finish(shell("sh", "-c", line), "");
        }

        /** Types a line into a shell on a terminal of its own, and then these lines. */
        Typed typesAtATerminal(String line, String answers) throws IOException, InterruptedException {
            return finish(shell("script", "-qec", line, "/dev/null"), answers);
        }

        private ProcessBuilder shell(String... command) {
            ProcessBuilder shell = new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true);
            Map<String, String> environment = shell.environment();
            environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            environment.put("LC_ALL", "C.UTF-8");
            environment.put("SIGNET_HOME", place.resolve("home").toString());
            environment.put("SIGNET_PASSPHRASE_FILE", place.resolve("passphrase").toString());
            return shell;
        }

        private static Typed finish(ProcessBuilder shell, String answers) throws IOException, InterruptedException {
            Process process = shell.start();
            process.getOutputStream().write(answers.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end");
            }
            return new Typed(process.exitValue(), output);
        }
    }

    Person person(String name) throws IOException {
        return new Person(name, town.homeserver.register(name));
    }

    /** Returns another device of somebody. */
    Person device(String name, Person of) throws IOException {
        return new Person(name, of.user);
    }

    @Override
    public void close() {
        proxy.close();
        front.close();
        town.close();
    }
}
