package im.signet.kit.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database of its own for one test class or Spring context, on the server that all tests of the JVM share. It belongs
 * to the role `signet`, which is no superuser, as in production.
 */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final DatabaseAccess access;
    private @Nullable DataSource dataSource;

    private TestDatabase(DatabaseAccess access) {
        this.access = access;
    }

    /** Creates an empty database on the embedded server. */
    public static TestDatabase fresh() {
        return freshOn(TestServer.EMBEDDED);
    }

    /** Creates an empty database on that server. */
    public static TestDatabase freshOn(TestServer server) {
        TestServer.Running running = server.running();
        String name = "test_" + COUNT.incrementAndGet();
        try (Connection connection = running.superuser().to("postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER " + EmbeddedPostgres.SIGNET);
        } catch (SQLException e) {
            throw new IllegalStateException("the database " + name + " could not be created", e);
        }
        return new TestDatabase(
                new DatabaseAccess(running.superuser().to(name).url(), EmbeddedPostgres.SIGNET, running.password()));
    }

    /** Returns its JDBC URL, for `signet.database.url`. */
    public String url() {
        return access.url();
    }

    /** Returns the role that owns it, for `signet.database.username`. */
    public String username() {
        return String.valueOf(access.username());
    }

    /** Returns the password of that role, for `signet.database.password`. */
    public String password() {
        return String.valueOf(access.password());
    }

    /** Returns a pool of up to 16 connections, always the same, which gives its connections back when idle. */
    public synchronized DataSource dataSource() {
        if (dataSource == null) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url());
            config.setUsername(username());
            config.setPassword(password());
            config.setMaximumPoolSize(16);
            config.setMinimumIdle(0);
            config.setIdleTimeout(10_000);
            DatabaseAccess.DRIVER_PROPERTIES.forEach(config::addDataSourceProperty);
            dataSource = new HikariDataSource(config);
        }
        return dataSource;
    }

    DatabaseAccess access() {
        return access;
    }
}
