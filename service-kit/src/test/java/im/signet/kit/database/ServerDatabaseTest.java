package im.signet.kit.database;

import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ServerDatabaseTest {

    @TempDir
    Path temp;

    private MockEnvironment settings() {
        return new MockEnvironment().withProperty("signet.data-dir", temp.toString());
    }

    private EmbeddedPostgres server() {
        return EmbeddedPostgres.start(temp, TestServer.PROGRAMS, Map.of(), new SecureRandom());
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }

    @Test
    void isTheRunningEmbeddedOneOfTheDataFolder() throws SQLException, IOException {
        try (EmbeddedPostgres server = server()) {
            FileTime locked = Files.getLastModifiedTime(temp.resolve("postgres.lock"));
            try (Connection connection = ServerDatabase.connect(settings())) {
                assertThat(ask(connection, "SELECT current_database() || ' ' || current_user"))
                        .isEqualTo("signet signet");
                assertThat(connection.getAutoCommit()).isTrue();
            }
            assertThat(server.process().isAlive()).isTrue();
            assertThat(Files.getLastModifiedTime(temp.resolve("postgres.lock"))).isEqualTo(locked);
            // The lock is still held: nobody else could have the folder.
            assertThatThrownBy(this::server).isInstanceOf(DatabaseStartException.class)
                    .hasMessageStartingWith("Another server is running");
        }
    }

    @Test
    void isFoundAgainAfterItsServerRestarted() throws SQLException {
        server().close();
        try (EmbeddedPostgres server = server(); Connection connection = ServerDatabase.connect(settings())) {
            assertThat(server.access().url()).contains(":" + ask(connection, "SHOW port") + "/");
        }
    }

    @Test
    void isTheGivenOneWhereThereIsAUrl() throws SQLException {
        TestDatabase database = TestDatabase.fresh();
        MockEnvironment settings = settings().withProperty("signet.database.url", database.url())
                .withProperty("signet.database.username", database.username())
                .withProperty("signet.database.password", database.password());
        try (Connection connection = ServerDatabase.connect(settings)) {
            assertThat(ask(connection, "SELECT current_user")).isEqualTo("signet");
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void isRefusedWhereNoServerRunsAndNothingIsStarted() {
        refused(settings(), "No signet.database.url is set, and no server runs on the data folder " + temp + ".");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void isRefusedWhereTheServerHasStopped() {
        server().close();
        refused(settings(), "No signet.database.url is set, and no server runs on the data folder " + temp + ".");
        assertThat(temp.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void isNotWhateverProcessHasTheNumberOfOneThatDied() throws IOException {
        Files.createDirectories(temp.resolve("postgres"));
        Files.writeString(temp.resolve("postgres/postmaster.pid"), ProcessHandle.current().pid() + "\n"
                + temp.resolve("postgres") + "\n1763726400\n5432\n\n127.0.0.1\n0 0\nready   \n");
        Files.writeString(temp.resolve("postgres-password"), "hunter2\n");
        refused(settings(), "No signet.database.url is set, and no server runs on the data folder " + temp + ".");
    }

    @Test
    void isRefusedInOneLineWithoutThePassword() {
        TestDatabase database = TestDatabase.fresh();
        MockEnvironment settings = settings().withProperty("signet.database.url", database.url())
                .withProperty("signet.database.username", "signet")
                .withProperty("signet.database.password", "hunter2");
        assertThatThrownBy(() -> ServerDatabase.connect(settings)).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("The password for the database")
                .hasMessageNotContaining("hunter2");
        refused(new MockEnvironment().withProperty("signet.database.username", "signet"),
                "signet.database.username or .password is set, but signet.database.url is not.");
    }

    private static void refused(MockEnvironment settings, String why) {
        assertThatThrownBy(() -> ServerDatabase.connect(settings).close())
                .isInstanceOf(UnusableSettingException.class)
                .hasMessage(why);
    }
}
