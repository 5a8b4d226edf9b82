package im.signet.bench.place;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.demo.walk.ServerProcess;
import im.signet.kit.database.DatabaseAccess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Servers on one PostgreSQL with the same keys, a homeserver and a mail catcher, in a folder of their own. */
public final class Place implements AutoCloseable {

    /** The domain of the handles. */
    public static final String DOMAIN = "example.org";

    /** What users agree to. */
    public static final String POLICY_URL = "https://id.example.org/privacy/1/en";

    private static final String PUBLIC_URL = "https://id.example.org";

    private final Path folder;
    private final DemoHomeserver homeserver;
    private final MailCatcher mailbox;
    private final Database database;
    private final List<Server> servers;
    private boolean closed;

    private Place(Path folder, DemoHomeserver homeserver, MailCatcher mailbox, Database database,
            List<Server> servers) {
        this.folder = folder;
        this.homeserver = homeserver;
        this.mailbox = mailbox;
        this.database = database;
        this.servers = servers;
    }

    /**
     * Sets it up: the database is there, the servers are being started.
     *
     * @param jar     `signet.jar`
     * @param folder  an empty folder
     * @param servers how many
     */
    public static Place create(Path jar, Path folder, int servers) throws IOException, InterruptedException {
        DemoAuthority authority = DemoAuthority.create();
        authority.writeCaFile(folder.resolve("ca.pem"));
        List<String> command = Installation.of(jar, folder.resolve("server"));
        DemoHomeserver homeserver = DemoHomeserver.start(authority);
        MailCatcher mailbox = MailCatcher.start();
        Database database = Database.start(folder);
        List<Server> started = IntStream.range(0, servers).mapToObj(number -> {
            String name = String.valueOf((char) ('A' + number));
            int port = ServerProcess.freePort();
            int management = ServerProcess.freePort();
            Path config = configure(folder, name, port, management, mailbox.port(), database.access());
            List<String> serve = Stream.concat(command.stream(), Stream.of("serve", "--config", config.toString()))
                    .toList();
            return Server.start(name, serve, folder, URI.create("http://127.0.0.1:" + port),
                    URI.create("http://127.0.0.1:" + management + "/actuator/health/readiness"));
        }).toList();
        started.forEach(server -> database.whenBack(server::startsAnew));
        return new Place(folder, homeserver, mailbox, database, started);
    }

    private static Path configure(Path folder, String name, int port, int management, int smtp,
            DatabaseAccess database) {
        try {
            return Files.writeString(folder.resolve(name + ".yaml"), """
                    server: {port: %d, address: 127.0.0.1}
                    management.server.port: %d
                    signet:
                      server-name: id.example.org
                      public-url: %s
                      data-dir: %s
                      database: {url: "%s", username: "%s", password: "%s"}
                      mail: {host: localhost, port: %d, security: none, from: signet@example.org}
                      federation: {allow-addresses: [127.0.0.0/8, "::1"], ca-file: %s}
                      terms:
                        policies:
                          privacy_policy:
                            version: "1"
                            en: {name: Privacy policy, url: "%s"}
                      names: {domains: [%s], registration: open}
                      limits:
                        # Everybody here has the same address, and the same homeserver.
                        registrations-per-network: 900000 then 900000 per 1m
                        registrations-per-homeserver: 900000 then 900000 per 1m
                        registrations-per-account: 10000 then 10000 per 1h
                        mail-per-account: 10000 then 10000 per 1m
                        mail-per-address: 10000 then 10000 per 1m
                        invites-per-account: 10000 then 10000 per 1m
                        overviews-per-account: 10000 then 10000 per 1m
                        confirmations-per-account: 10000 then 10000 per 1m
                        lookups-per-account: 900000 then 900000 per 1h
                        lookups-per-homeserver: 900000 then 900000 per 1h
                        lookups-per-network: 900000 then 900000 per 1h
                        handle-reads-per-network: 900000 then 900000 per 1s
                        name-requests-per-account: 10000 then 10000 per 1h
                        name-operations-per-key: 10000 then 10000 per 1h
                    """.formatted(port, management, PUBLIC_URL, folder.resolve("data"), database.url(),
                    database.username(), database.password(), smtp, folder.resolve("ca.pem"), POLICY_URL, DOMAIN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the homeserver of all users. */
    public DemoHomeserver homeserver() {
        return homeserver;
    }

    /** Returns where all mails arrive. */
    public MailCatcher mailbox() {
        return mailbox;
    }

    /** Returns the PostgreSQL. */
    public Database database() {
        return database;
    }

    /** Returns the servers. */
    public List<Server> servers() {
        return servers;
    }

    /** Returns the folder of the keys that the servers share. */
    public Path keys() {
        return folder.resolve("data").resolve("keys");
    }

    /** Stops everything. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        servers.forEach(Server::close);
        database.close();
        homeserver.close();
        mailbox.close();
    }

    /** Deletes a folder with all that it holds. */
    public static void delete(Path folder) {
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
