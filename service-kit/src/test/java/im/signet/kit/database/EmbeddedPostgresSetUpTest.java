package im.signet.kit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedPostgresSetUpTest {

    @TempDir
    static Path temp;

    static EmbeddedPostgres server;

    @BeforeAll
    static void start() {
        server = EmbeddedPostgres.start(temp, TestServer.PROGRAMS, Map.of(), new SecureRandom());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void keepsWhatItAcknowledges() throws SQLException {
        assertThat(Sql.ask(server.access(), "SHOW fsync")).isEqualTo("on");
        assertThat(Sql.ask(server.access(), "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(Sql.ask(server.access(), "SHOW full_page_writes")).isEqualTo("on");
        assertThat(Sql.ask(server.access(), "SHOW data_checksums")).isEqualTo("on");
    }

    @Test
    void sortsAndEncodesAlikeOnEveryMachine() throws SQLException {
        assertThat(Sql.ask(server.access(), "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(Sql.ask(server.access(), """
                SELECT concat_ws(' ', datlocprovider, datlocale, datcollate, datctype)
                  FROM pg_database WHERE datname = 'signet'""")).isEqualTo("b C.UTF-8 C C");
        assertThat(Sql.ask(server.access(), "SHOW lc_messages")).isEqualTo("C");
        assertThat(Sql.ask(server.superuserAccess("postgres"), "SELECT name FROM pg_settings"
                + " WHERE name = 'log_timezone' AND setting = 'UTC'")).isEqualTo("log_timezone");
    }

    @Test
    void listensOnTheLoopbackAddressAlone() throws SQLException {
        assertThat(Sql.ask(server.access(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(Sql.ask(server.superuserAccess("postgres"), "SHOW unix_socket_directories")).isEmpty();
    }

    @Test
    void letsNobodyInWithoutThePassword() throws IOException, SQLException {
        for (String role : List.of("signet", "postgres")) {
            for (String password : List.of("", "wrong", "signet", "postgres")) {
                DatabaseAccess intruder = new DatabaseAccess(server.access().url(), role, password);
                assertThatThrownBy(intruder::connect).isInstanceOf(SQLException.class);
            }
        }
        assertThat(Sql.ask(server.superuserAccess("postgres"),
                "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
                .isEqualTo("scram-sha-256");
        assertThat(Files.readString(temp.resolve("postgres/pg_hba.conf"))
                .lines()
                .filter(line -> !line.startsWith("#") && line.contains("trust"))).isEmpty();
    }

    @Test
    void worksAsARoleWithoutPowersOverTheServer() throws SQLException {
        assertThat(Sql.ask(server.access(), """
                SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
                  FROM pg_roles WHERE rolname = current_user""")).isEqualTo("f");
        assertThatThrownBy(() -> Sql.ask(server.access(), "ALTER SYSTEM SET fsync = off"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void tellsThePasswordToItsFileOnly() throws IOException {
        String password = String.valueOf(server.access().password());
        assertThat(password).matches("[0-9a-f]{64}");
        assertThat(Files.readString(temp.resolve("postgres-password"))).isEqualTo(password + "\n");
        assertThat(server.access().toString()).doesNotContain(password);
        assertThat(Files.readString(temp.resolve("postgres.log"))).doesNotContain(password);
        assertThat(String.join(" ", server.process().info().arguments().orElseThrow())).contains("fsync=on")
                .doesNotContain(password);
    }
}
