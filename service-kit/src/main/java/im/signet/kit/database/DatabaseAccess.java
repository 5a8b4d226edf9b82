package im.signet.kit.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/** Where a database is and how to log in to it. */
public record DatabaseAccess(String url, @Nullable String username, @Nullable String password) {

    /**
     * What every connection of ours asks of the driver. Without `logServerErrorDetail=false` its exceptions would repeat
     * the values of a statement, addresses among them, into whatever logs them.
     */
    static final Map<String, String> DRIVER_PROPERTIES = Map.of("ApplicationName", "signet", "connectTimeout", "5",
            "loginTimeout", "10", "tcpKeepAlive", "true", "logServerErrorDetail", "false");

    /** Opens one connection that the caller closes. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        DRIVER_PROPERTIES.forEach(properties::setProperty);
        if (username != null) {
            properties.setProperty("user", username);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(url, properties);
    }

    /** Returns the URL without its parameters. */
    String shownUrl() {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }

    /** Shows where, never the password. */
    @Override
    public String toString() {
        return "DatabaseAccess[" + shownUrl() + "]";
    }
}
