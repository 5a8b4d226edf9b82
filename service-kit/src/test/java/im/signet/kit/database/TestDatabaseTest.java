package im.signet.kit.database;

import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class TestDatabaseTest {

    private final TestServer server;

    TestDatabaseTest(TestServer server) {
        this.server = server;
    }

    @Test
    void isEmptyAndOnesOwn() throws SQLException {
        TestDatabase one = TestDatabase.freshOn(server);
        TestDatabase other = TestDatabase.freshOn(server);
        Sql.run(one.access(), "CREATE TABLE public.note (id bigint)");
        assertThat(Sql.ask(one.access(), "SELECT count(*) FROM public.note")).isEqualTo("0");
        assertThatThrownBy(() -> Sql.ask(other.access(), "SELECT count(*) FROM public.note"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void belongsToARoleWithoutPowersOverTheServer() throws SQLException {
        TestDatabase database = TestDatabase.freshOn(server);
        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(connection.getMetaData().getUserName()).isEqualTo("signet");
        }
        assertThat(Sql.ask(database.access(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("f");
    }
}
