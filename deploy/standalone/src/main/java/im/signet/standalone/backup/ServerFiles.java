package im.signet.standalone.backup;

import im.signet.kit.database.OfflineDatabase;
import im.signet.kit.database.ServerDatabase;
import im.signet.kit.journal.JournalProperties;
import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Where a configured server has what is backed up. */
record ServerFiles(Environment settings) {

    Path dataDir() {
        return Path.of(settings.getProperty("signet.data-dir", "./data")).toAbsolutePath().normalize();
    }

    Path keys() {
        return dataDir().resolve("keys");
    }

    Path journal() {
        return journalSettings().folderIn(dataDir()).toAbsolutePath().normalize();
    }

    /** How long entries of the journal are kept. */
    Duration journalKept() {
        return journalSettings().keep();
    }

    private JournalProperties journalSettings() {
        return Binder.get(settings).bindOrCreate("signet.journal", JournalProperties.class);
    }

    /** A connection, and the embedded server that was started for it where none ran. */
    record Connected(Connection connection, @Nullable OfflineDatabase started) implements AutoCloseable {

        @Override
        public void close() throws SQLException {
            try {
                connection.close();
            } finally {
                if (started != null) {
                    started.close();
                }
            }
        }
    }

    /**
     * Connects to the database, beside a running server or without one.
     *
     * @throws UnusableSettingException when it cannot be reached
     */
    Connected connect(SecureRandom random) throws SQLException {
        try {
            return new Connected(ServerDatabase.connect(settings), null);
        } catch (UnusableSettingException unreachable) {
            String url = settings.getProperty("signet.database.url", "");
            if (!url.isBlank() || !Files.exists(dataDir().resolve("postgres").resolve("PG_VERSION"))) {
                throw unreachable;
            }
        }
        OfflineDatabase started = OfflineDatabase.open(settings, random);
        try {
            return new Connected(started.connect(), started);
        } catch (SQLException | RuntimeException failed) {
            started.close();
            throw failed;
        }
    }
}
