package im.signet.kit.database;

import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The database of a configured server that does not run: an embedded one is started, and keeps every server off its folder
 * until it is closed. A given one others can reach meanwhile.
 */
public final class OfflineDatabase implements AutoCloseable {

    private final PostgresDatabase database;

    private OfflineDatabase(PostgresDatabase database) {
        this.database = database;
    }

    /**
     * Opens it as that server would.
     *
     * @throws UnusableSettingException when it cannot be, for one as a server runs on the same data folder; says why
     */
    public static OfflineDatabase open(Environment settings, SecureRandom random) {
        DatabaseProperties properties = Binder.get(settings).bindOrCreate("signet.database", DatabaseProperties.class);
        try {
            PostgresDatabase database = PostgresDatabase.open(properties,
                    Path.of(settings.getProperty("signet.data-dir", "./data")), random);
            try {
                DatabaseCheck.check(database.access(), properties.acceptDataLoss());
                return new OfflineDatabase(database);
            } catch (RuntimeException unfit) {
                database.close();
                throw unfit;
            }
        } catch (DatabaseStartException refused) {
            throw new UnusableSettingException(String.valueOf(refused.getMessage()), refused.remedy());
        }
    }

    /** Opens one connection that the caller closes. */
    public Connection connect() throws SQLException {
        return database.access().connect();
    }

    /** Returns a source of connections that are opened for each use. */
    public DataSource dataSource() {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return connect();
            }

            @Override
            public Connection getConnection(String username, String password) throws SQLException {
                throw new java.sql.SQLFeatureNotSupportedException("there is one role");
            }
        };
    }

    /** Stops an embedded server; a given one is left alone. */
    @Override
    public void close() {
        database.close();
    }
}
