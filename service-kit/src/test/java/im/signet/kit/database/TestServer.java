package im.signet.kit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL servers that tests run on, each started once in a JVM when it is first asked for, and stopped with it.
 * The embedded one always works; the one in a container needs a Docker engine that answers.
 */
public final class TestServer {

    /** The server that Signet itself brings. */
    public static final TestServer EMBEDDED = new TestServer(TestServer::startEmbedded);

    /** PostgreSQL's own image, or the one that the environment variable `SIGNET_TEST_POSTGRES_IMAGE` names. */
    public static final TestServer TESTCONTAINERS = new TestServer(TestServer::startContainer);

    /** Unpacked once for all tests of a module that run in one process; `mvn clean` removes it. */
    static final Path PROGRAMS = Path.of("target", "postgres-bin" + System.getProperty("test.fork", ""));

    private final Start start;
    private @Nullable Running running;

    private TestServer(Start start) {
        this.start = start;
    }

    /** A server that runs, how its superuser logs in to a database of it, and the password of its role `signet`. */
    record Running(String label, Superuser superuser, String password) {}

    /** Logs in as the superuser. */
    interface Superuser {
        DatabaseAccess to(String database);
    }

    private interface Start {
        Running run() throws IOException, SQLException;
    }

    /** Returns the servers that can be had here, with a line about each in the output the first time. */
    public static Stream<Named<TestServer>> available() {
        return Available.SERVERS.stream();
    }

    /** Returns what reports call this server, such as `embedded PostgreSQL 18.6`; starts it. */
    public String label() {
        return running().label();
    }

    synchronized Running running() {
        if (running == null) {
            try {
                running = start.run();
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("a PostgreSQL for tests could not be started", e);
            }
            System.out.println("database: " + running.label());
        }
        return running;
    }

    private static Running startEmbedded() throws IOException, SQLException {
        Path dataDir = Files.createTempDirectory("signet-test-");
        EmbeddedPostgres server = EmbeddedPostgres.start(dataDir, PROGRAMS,
                Map.of("max_connections", "500", "scram_iterations", "1"), new SecureRandom());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            try {
                PrivateFiles.deleteFolder(dataDir);
            } catch (IOException e) {
                System.err.println("could not delete " + dataDir + ": " + e);
            }
        }));
        String password = String.valueOf(server.access().password());
        try (Connection connection = server.superuserAccess("postgres").connect();
                Statement statement = connection.createStatement()) {
            // Set anew, with few rounds of hashing: a sixth of what tests computed was the logins of their thousands of
            // connections.
            for (String role : List.of("CURRENT_USER", EmbeddedPostgres.SIGNET)) {
                statement.execute("ALTER ROLE " + role + " PASSWORD '" + password + "'");
            }
            try (ResultSet version = statement.executeQuery("SHOW server_version")) {
                version.next();
                return new Running("embedded PostgreSQL " + version.getString(1), server::superuserAccess, password);
            }
        }
    }

    @SuppressWarnings("resource") // The shutdown hook stops the container.
    private static Running startContainer() throws SQLException {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        PostgreSQLContainer container = new PostgreSQLContainer(
                DockerImageName.parse(image()).asCompatibleSubstituteFor("postgres")).withUsername("postgres")
                .withPassword(password)
                .withCommand("postgres", "-c", "max_connections=500");
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        container.start();
        UnaryOperator<String> url = database -> "jdbc:postgresql://" + container.getHost() + ":"
                + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/" + database;
        Superuser superuser = database -> new DatabaseAccess(url.apply(database), "postgres", password);
        try (Connection connection = superuser.to("postgres").connect();
                Statement statement = connection.createStatement()) {
            EmbeddedPostgres.createRole(statement);
        }
        return new Running("Testcontainers " + image(), superuser, password);
    }

    private static String image() {
        String image = System.getenv("SIGNET_TEST_POSTGRES_IMAGE");
        return image == null ? "postgres:18" : image;
    }

    /** Found out once in a JVM. */
    private static final class Available {
        static final List<Named<TestServer>> SERVERS = find();

        private static List<Named<TestServer>> find() {
            List<Named<TestServer>> found = new ArrayList<>();
            found.add(Named.of(EMBEDDED.label(), EMBEDDED));
            DockerEngine engine = DockerEngine.at(System.getenv("DOCKER_HOST"));
            if (!engine.answers()) {
                System.out.println("database: not on Testcontainers, no Docker engine answers");
            } else if (!engine.provides(image())) {
                System.out.println("database: not on Testcontainers, the Docker engine has no image " + image());
            } else {
                found.add(Named.of(TESTCONTAINERS.label(), TESTCONTAINERS));
            }
            return List.copyOf(found);
        }
    }
}
