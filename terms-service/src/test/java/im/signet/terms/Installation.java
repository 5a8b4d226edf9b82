package im.signet.terms;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.database.TestServer;
import im.signet.kit.holding.Holdings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What outlives a run of the server: its database, its folder and, in a test, its clock. The certificates of
 * {@link #homeserver} are those that the server trusts, and loopback is an address that it may connect to.
 */
public final class Installation {

    /** The name that the server has in its links. */
    public static final String PUBLIC_URL = "https://id.example.org";

    private static final DemoAuthority AUTHORITY = DemoAuthority.create();

    private final TestDatabase database;
    private final Path folder;
    private final MovableClock clock = new MovableClock();
    private final Map<String, Holdings> services = new LinkedHashMap<>();

    private Installation(TestDatabase database) {
        this.database = database;
        try {
            this.folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "installation-");
            AUTHORITY.writeCaFile(folder.resolve("ca.pem"));
            Files.writeString(folder.resolve("base.yaml"),
                    """
            signet:
              server-name: id.example.org
              public-url: %s
              data-dir: %s
              database:
                url: %s
                username: %s
                password: %s
              federation:
                ca-file: %s
                allow-addresses: ["127.0.0.0/8", "::1"]
            server:
              port: 0
              address: 127.0.0.1
              server-header: ""
              tomcat.max-swallow-size: 2MB
            spring:
              main.banner-mode: "off"
              web.resources.add-mappings: false
            logging.level:
              root: warn
            """.formatted(PUBLIC_URL, folder.resolve("data"), database.url(), database.username(),
                            database.password(), folder.resolve("ca.pem")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns one with an empty database on the embedded server. */
    public static Installation fresh() {
        return on(TestServer.EMBEDDED);
    }

    /** Returns one with an empty database on that server. */
    public static Installation on(TestServer server) {
        return new Installation(TestDatabase.freshOn(server));
    }

    /** Starts a homeserver that this installation trusts as any other. */
    public static DemoHomeserver homeserver() {
        return DemoHomeserver.start(AUTHORITY);
    }

    static DemoAuthority authority() {
        return AUTHORITY;
    }

    /**
     * Starts the server on a free port.
     *
     * @param yaml more settings, which go before those that every test has
     */
    public TermsServer start(String yaml) {
        write("more.yaml", yaml);
        SpringApplicationBuilder application = new SpringApplicationBuilder(TermsTestApplication.class)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("clock", clock);
                    services.forEach(context.getBeanFactory()::registerSingleton);
                });
        ConfigurableApplicationContext context = application.run("--spring.config.location=file:"
                + folder.resolve("base.yaml") + ",file:" + folder.resolve("more.yaml"));
        return new TermsServer(context);
    }

    /** Has servers that are started from now on know this service that keeps something of users. */
    public void knows(Holdings service) {
        services.put(service.service() + "Holdings", service);
    }

    /** Starts the server without any policies. */
    public TermsServer start() {
        return start("");
    }

    /** Writes a file into the folder of this installation, in place of what it held. */
    public Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its folder, whose folder {@code data} is the server's. */
    Path folder() {
        return folder;
    }

    /** Returns the clock that the server goes by. */
    public MovableClock clock() {
        return clock;
    }

    /** Returns access to the server's database, past the server. */
    public JdbcClient sql() {
        return JdbcClient.create(database.dataSource());
    }

    /** Returns a connection as the operator's commands have one. */
    Connection connection() throws SQLException {
        return database.dataSource().getConnection();
    }

    /** Returns the first column of what the database answers, as texts. */
    public List<String> texts(String query, Object... parameters) {
        return sql().sql(query).params(parameters).query((row, _) -> String.valueOf(row.getString(1))).list();
    }

    /** Returns how many rows a table of the service has. */
    public long rows(String table) {
        return sql().sql("SELECT count(*) FROM terms." + table).query(Long.class).single();
    }
}
