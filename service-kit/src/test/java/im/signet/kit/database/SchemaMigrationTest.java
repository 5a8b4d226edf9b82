package im.signet.kit.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class SchemaMigrationTest {
    private static final String ONE = "classpath:im/signet/kit/database/one";
    private static final String TWO = "classpath:im/signet/kit/database/two";

    private final TestDatabase database;

    SchemaMigrationTest(TestServer server) {
        this.database = TestDatabase.freshOn(server);
    }

    @Test
    void createsTheSchemaWithItsHistoryInside() throws SQLException {
        assertThat(new SchemaMigration(database.dataSource(), "one", ONE).migrate()).isEqualTo(2);
        assertThat(Sql.ask(database.access(), """
                SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY tablename) FROM pg_tables
                 WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""))
                .isEqualTo("one.flyway_schema_history one.note");
    }

    @Test
    void hasNothingToDoTheSecondTime() {
        new SchemaMigration(database.dataSource(), "one", ONE).migrate();
        assertThat(new SchemaMigration(database.dataSource(), "one", ONE).migrate()).isZero();
    }

    @Test
    void keepsTheSchemasOfOneDatabaseApart() throws SQLException {
        new SchemaMigration(database.dataSource(), "one", ONE).migrate();
        assertThat(new SchemaMigration(database.dataSource(), "two", TWO).migrate()).isEqualTo(1);
        assertThat(Sql.ask(database.access(),
                "SELECT count(*) FROM two.flyway_schema_history WHERE version IS NOT NULL")).isEqualTo("1");
        assertThat(Sql.ask(database.access(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
    }

    @Test
    void letsProcessesThatStartAtOnceAllSucceed() throws Exception {
        // Each with a pool of its own, of the smallest size that the settings allow, as separate processes would.
        int processes = 6;
        CyclicBarrier together = new CyclicBarrier(processes);
        List<Integer> applied = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(processes)) {
            List<Future<Integer>> migrations = new ArrayList<>();
            for (int process = 0; process < processes; process++) {
                migrations.add(executor.submit(() -> {
                    try (HikariDataSource pool = pool(4)) {
                        together.await();
                        return new SchemaMigration(pool, "one", ONE).migrate()
                                + new SchemaMigration(pool, "two", TWO).migrate();
                    }
                }));
            }
            for (Future<Integer> migration : migrations) {
                applied.add(migration.get());
            }
        }
        assertThat(applied.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
        assertThat(Sql.ask(database.access(), "SELECT bool_and(success) FROM one.flyway_schema_history"))
                .isEqualTo("t");
    }

    @Test
    void refusesAMissingFolderOfScripts() {
        SchemaMigration migration = new SchemaMigration(database.dataSource(), "one", "classpath:no/such/folder");
        assertThatThrownBy(migration::migrate).isInstanceOf(FlywayException.class);
    }

    @Test
    void refusesASchemaNameThatIsNone() {
        for (String name : List.of("", "One", "a-b", "a\"; DROP TABLE b", "1a")) {
            assertThatThrownBy(() -> new SchemaMigration(database.dataSource(), name, ONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private HikariDataSource pool(int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(size);
        return pool;
    }
}
