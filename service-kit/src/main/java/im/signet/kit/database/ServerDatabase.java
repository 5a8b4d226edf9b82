package im.signet.kit.database;

import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The database of a configured server, for commands that work on it from outside, beside the running server. An embedded
 * one is found where that server runs it; it is never started from here.
 */
public final class ServerDatabase {

    private ServerDatabase() {}

    /**
     * Opens one connection that the caller closes.
     *
     * @param settings the settings of the server
     * @throws UnusableSettingException when there is no such database or it cannot be reached; says why
     */
    public static Connection connect(Environment settings) {
        try {
            DatabaseAccess access = find(settings);
            try {
                return access.connect();
            } catch (SQLException e) {
                throw DatabaseCheck.unreachable(access, e);
            }
        } catch (DatabaseStartException refused) {
            throw new UnusableSettingException(String.valueOf(refused.getMessage()), refused.remedy());
        }
    }

    private static DatabaseAccess find(Environment settings) {
        DatabaseProperties database = Binder.get(settings).bindOrCreate("signet.database", DatabaseProperties.class);
        Path dataDir = Path.of(settings.getProperty("signet.data-dir", "./data"));
        return PostgresDatabase.given(database).orElseGet(() -> EmbeddedPostgres.attach(dataDir));
    }
}
