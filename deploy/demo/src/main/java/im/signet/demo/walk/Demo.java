package im.signet.demo.walk;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demonstration: starts a homeserver, a mail catcher and the standalone server on loopback, walks through one
 * discovery, and stays up until it is interrupted, or ends with a status that says whether every step held.
 */
public final class Demo {

    private static final int USAGE = 64;

    private Demo() {}

    /** Takes `--server JAR` and, to end after the walk, `--exit`. */
    public static void main(String[] args) throws IOException {
        // As the server's Launcher does, and for its reason.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "256");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> words = List.of(args);
        int server = words.indexOf("--server");
        if (server < 0 || server + 1 >= words.size()
                || words.stream()
                        .anyMatch(word -> word.startsWith("-") && !List.of("--server", "--exit").contains(word))) {
            System.err.println("usage: ./signet demo [--exit]");
            System.exit(USAGE);
        }
        Path folder = Files.createTempDirectory("signet-demo");
        boolean held = false;
        try {
            held = run(Path.of(words.get(server + 1)), folder, words.contains("--exit"), out);
        } finally {
            delete(folder);
        }
        System.exit(held ? 0 : 1);
    }

    private static boolean run(Path jar, Path folder, boolean exit, PrintStream out) throws IOException {
        Narrator narrator = new Narrator(out);
        DemoAuthority authority = DemoAuthority.create();
        Path caFile = folder.resolve("ca.pem");
        authority.writeCaFile(caFile);
        try (DemoHomeserver homeserver = DemoHomeserver.start(authority); MailCatcher mailbox = MailCatcher.start()) {
            int port = ServerProcess.freePort();
            Path config = writeConfiguration(folder, port, mailbox.port(), homeserver.serverName());
            narrator.say("Signet, a demonstration on this machine only");
            narrator.say("  homeserver       " + homeserver.baseUrl());
            narrator.say("  mail catcher     smtp://localhost:" + mailbox.port());
            narrator.say("  identity server  http://localhost:" + port + ", starting with " + config + " ...");
            try (ServerProcess server = ServerProcess.start(jar, config, port)) {
                // Also when a terminal's Ctrl-C ends this process.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    server.stop();
                    delete(folder);
                }));
                homeserver.reachIdentityServer("localhost:" + port, server.baseUrl(), authority.clientContext());
                Walk walk = new Walk(new Scene(authority, homeserver, mailbox, server.baseUrl(), narrator), narrator);
                UserId alice = homeserver.register("alice");
                boolean held = hold(walk, alice, homeserver, narrator);
                if (!exit && held) {
                    stayUp(server, walk.waitingLink(alice), narrator);
                }
                return held;
            }
        } catch (IllegalStateException failed) {
            narrator.say("signet: " + failed.getMessage());
            return false;
        }
    }

    private static boolean hold(Walk walk, UserId alice, DemoHomeserver homeserver, Narrator narrator) {
        try {
            walk.walk(alice, homeserver.register("bob"), homeserver.register("carol"));
            narrator.say("");
            narrator.say("All " + narrator.steps() + " steps held.");
            return true;
        } catch (RuntimeException failed) {
            narrator.say("");
            narrator.say("Step " + narrator.steps() + " did not hold: " + failed.getMessage());
            return false;
        }
    }

    private static void stayUp(ServerProcess server, URI waitingLink, Narrator narrator) {
        narrator.say("");
        narrator.say("The servers stay up; Ctrl-C ends them. To look at:");
        narrator.say("  the terms, as an app reads them   " + server.baseUrl() + "/_matrix/identity/v2/terms");
        narrator.say(
                "  a policy, as people read it       " + server.baseUrl() + "/_signet/terms/privacy_policy/1.0/en");
        narrator.say("  all policies in force             " + server.baseUrl() + "/_signet/terms");
        narrator.say("  a mailed link, not confirmed yet  " + waitingLink);
        narrator.say("  the page of a handle              " + server.baseUrl() + "/h/alice@" + Scene.DOMAIN);
        narrator.say("  what the server logs              " + server.log());
        try {
            Thread.currentThread().join();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path writeConfiguration(Path folder, int port, int smtpPort, ServerName homeserver)
            throws IOException {
        Files.writeString(folder.resolve("privacy-en.md"), """
                ## What this server knows of you

                | what | for how long |
                |---|---|
                | your address, **encrypted** | while you want others to find you by it |
                | your Matrix ID | as long as your address |

                ## Whom it tells

                It answers who asks for your address with your Matrix ID, and nobody else.
                It writes *no* log of who asked for whom.
                """);
        Files.writeString(folder.resolve("privacy-fr.md"), """
                ## Ce que ce serveur sait de vous

                | quoi | combien de temps |
                |---|---|
                | votre adresse, **chiffr\u00E9e** | tant que vous souhaitez \u00EAtre trouv\u00E9 par elle |
                | votre identifiant Matrix | autant que votre adresse |

                ## \u00C0 qui il le dit

                \u00C0 qui demande votre adresse, il r\u00E9pond par votre identifiant Matrix, et \u00E0 personne d'autre.
                Il ne tient *aucun* journal de qui a cherch\u00E9 qui.
                """);
        return Files.writeString(folder.resolve("signet.yaml"), """
                server.port: %1$d
                server.address: 127.0.0.1
                signet:
                  server-name: localhost:%1$d
                  public-url: http://localhost:%1$d
                  data-dir: %2$s/data
                  mail: {host: localhost, port: %3$d, security: none, from: signet@id.example.org}
                  federation: {allow-addresses: [127.0.0.0/8, "::1"], ca-file: %2$s/ca.pem}
                  terms:
                    policies:
                      privacy_policy:
                        version: "1.0"
                        en: {name: Privacy policy, file: %2$s/privacy-en.md}
                        fr: {name: Politique de confidentialit\u00E9, file: %2$s/privacy-fr.md}
                  names: {domains: [%5$s], registration: homeserver, homeservers: ["%4$s"]}
                """.formatted(port, folder, smtpPort, homeserver, Scene.DOMAIN));
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException left) {
            System.err.println("signet: " + folder + " could not be deleted entirely");
        }
    }
}
