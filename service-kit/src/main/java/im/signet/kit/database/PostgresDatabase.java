package im.signet.kit.database;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The PostgreSQL that this process works on: the one the operator gave, or the one we bring and stop again. */
final class PostgresDatabase implements AutoCloseable {

    /** Connections of the embedded server that the pool leaves to operators, jobs and backups. */
    private static final int SPARE_CONNECTIONS = 20;

    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?i)[?&][a-z]*password=|//[^/?]*@");

    private final DatabaseAccess access;
    private final @Nullable EmbeddedPostgres embedded;

    private PostgresDatabase(DatabaseAccess access, @Nullable EmbeddedPostgres embedded) {
        this.access = access;
        this.embedded = embedded;
    }

    /**
     * Returns the database that the settings ask for, embedded and started where they give no url.
     *
     * @throws DatabaseStartException
     *             when the settings contradict each other, or the embedded server cannot be started
     */
    static PostgresDatabase open(DatabaseProperties properties, Path dataDir, SecureRandom random) {
        Optional<DatabaseAccess> given = given(properties);
        if (given.isPresent()) {
            return new PostgresDatabase(given.get(), null);
        }
        EmbeddedPostgres embedded = EmbeddedPostgres.start(dataDir, dataDir.resolve("postgres-bin"),
                Map.of("max_connections", Integer.toString(properties.poolSize() + SPARE_CONNECTIONS)), random);
        return new PostgresDatabase(embedded.access(), embedded);
    }

    /**
     * Returns the database that the settings give; empty when they want the embedded one.
     *
     * @throws DatabaseStartException
     *             when the settings contradict each other
     */
    static Optional<DatabaseAccess> given(DatabaseProperties properties) {
        String url = orNullIfBlank(properties.url());
        String username = orNullIfBlank(properties.username());
        String password = orNullIfBlank(properties.password());
        if (url != null) {
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new DatabaseStartException("signet.database.url does not begin with jdbc:postgresql:",
                        "Write it as jdbc:postgresql://host:5432/database; PostgreSQL is the only database.");
            }
            if (PASSWORD_IN_URL.matcher(url).find()) {
                // The driver writes the URL as it is into its log.
                throw new DatabaseStartException("signet.database.url holds a password.",
                        "Move it to signet.database.password, where no log shows it.");
            }
            return Optional.of(new DatabaseAccess(url, username, password));
        }
        if (username != null || password != null) {
            // Going on would put the data into an empty embedded database because of one misspelt key.
            throw new DatabaseStartException(
                    "signet.database.username or .password is set, but signet.database.url is not.",
                    "Set signet.database.url, or remove the two to use the embedded PostgreSQL.");
        }
        return Optional.empty();
    }

    /** Returns how to log in to it. */
    DatabaseAccess access() {
        return access;
    }

    /** Stops the embedded server; a given one is left alone. */
    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }

    // An environment variable that is set to nothing means the same as one that is not set.
    private static @Nullable String orNullIfBlank(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
