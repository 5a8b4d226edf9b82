package im.signet.names;

import im.signet.kit.database.TestDatabase;
import im.signet.kit.token.TokenIntrospection;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Nameservers on real Tomcats, on one empty database, with a terms-service that knows every token that {@link #token} makes,
 * and a clock that can be moved.
 */
public final class NamesScene implements AutoCloseable {

    /** What the server calls itself. */
    public static final String URL = "https://ns.example.org";
    /** Handles below it are kept. */
    public static final String DOMAIN = "example.org";

    private final TestDatabase database = TestDatabase.fresh();
    private final MovableClock clock = new MovableClock();
    private final List<NamesServer> servers = new ArrayList<>();
    private final Path folder;

    public NamesScene() {
        try {
            folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "names-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The nameserver by itself. Not a component: the scan for those of the server must not find it. */
    @EnableAutoConfiguration
    @Import(NamesConfiguration.class)
    static class Application {

        @Bean
        TokenIntrospection termsService() {
            return (token, _) -> {
                String[] parts = token.value().split("~", -1);
                String user = parts.length < 3 ? "" : "@" + token.value().split("~", 2)[1].replace('~', ':');
                return UserId.parse(user).isOk()
                        ? new TokenIntrospection.Answer.Active(UserId.of(user), parts[0].equals("unsigned"))
                        : new TokenIntrospection.Answer.Inactive();
            };
        }
    }

    /** Returns a token of that user, who has accepted the terms. */
    public static String token(String user) {
        return "signed~" + user.substring(1).replace(':', '~');
    }

    /** Returns a token of that user, who has not. */
    public static String unsignedToken(String user) {
        return "unsigned~" + user.substring(1).replace(':', '~');
    }

    /** Starts a server whose registration is open and whose limits are off, with more settings before those. */
    public NamesServer start(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        List<String> usual = List.of("signet.server-name=id.example.org", "signet.public-url=https://id.example.org",
                "signet.data-dir=" + folder.resolve("data"), "signet.database.url=" + database.url(),
                "signet.database.username=" + database.username(),
                "signet.database.password=" + database.password(), "signet.names.domains=" + DOMAIN,
                "signet.names.public-url=" + URL, "signet.names.registration=open", "signet.limits.enabled=false",
                "server.port=0", "server.address=127.0.0.1", "server.max-http-request-header-size=16KB",
                "server.tomcat.max-swallow-size=2MB",
                "spring.web.resources.add-mappings=false", "spring.main.banner-mode=off", "logging.level.root=warn");
        for (String setting : usual) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            if (all.stream().noneMatch(given -> given.startsWith(name))) {
                all.add(setting);
            }
        }
        NamesServer server = new NamesServer(new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("clock", clock))
                .run(all.stream().map(setting -> "--" + setting).toArray(String[]::new)));
        servers.add(server);
        return server;
    }

    /** Returns the clock that all servers go by. */
    public MovableClock clock() {
        return clock;
    }

    /** Returns access to the database, past the servers. */
    public JdbcClient sql() {
        return JdbcClient.create(database.dataSource());
    }

    /** Returns how many rows a table of the service has. */
    public long rows(String table) {
        return sql().sql("SELECT count(*) FROM names." + table).query(Long.class).single();
    }

    /** Returns everything that stands in the database, as text, but for the chores. */
    public String everything() {
        StringBuilder all = new StringBuilder();
        for (String table : List.of("identity", "operation", "binding", "quarantine", "challenge", "invite",
                "limit_bucket")) {
            sql().sql("SELECT t::text FROM names." + table + " t")
                    .query(String.class)
                    .list()
                    .forEach(row -> all.append(row).append('\n'));
        }
        return all.toString();
    }

    /** Returns the folder of the servers' keys and journal. */
    public Path dataDir() {
        return folder.resolve("data");
    }

    /** Returns a connection as the operator's commands have one. */
    public java.sql.Connection connection() throws java.sql.SQLException {
        return database.dataSource().getConnection();
    }

    @Override
    public void close() {
        servers.forEach(NamesServer::close);
    }
}
