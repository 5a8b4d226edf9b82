package im.signet.kit.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseConfigurationTest {

    @TempDir
    Path temp;

    @Test
    void givesThePoolOfTheGivenDatabase() {
        TestDatabase database = TestDatabase.fresh();
        try (ConfigurableApplicationContext context = run(settings(database, "signet.database.pool-size=5"))) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool.getMaximumPoolSize()).isEqualTo(5);
            assertThat(context.getBean(DataSource.class)).isSameAs(pool);
            assertThat(context.getBean(JdbcClient.class).sql("SELECT current_database()").query(String.class).single())
                    .isEqualTo(database.url().replaceAll(".*/|\\?.*", ""));
        }
        assertThat(temp.resolve("postgres")).doesNotExist();
    }

    @Test
    void bringsAPostgresOfItsOwnWithoutAUrlAndStopsItAgain(CapturedOutput output) {
        ProcessHandle server;
        try (ConfigurableApplicationContext context = run("signet.database.url=")) {
            assertThat(context.getBean(JdbcClient.class).sql("SHOW fsync").query(String.class).single())
                    .isEqualTo("on");
            server = ProcessHandle.of(PostmasterFile.read(temp.resolve("postgres")).orElseThrow().pid()).orElseThrow();
        }
        assertThat(server.isAlive()).isFalse();
        assertThat(output.getAll().lines().filter(line -> line.contains("setting up an embedded PostgreSQL")))
                .hasSize(1);
    }

    @Test
    void migratesEverySchemaBeforeAnythingUsesIt() {
        // Promised to whoever queries while the context still starts.
        try (ConfigurableApplicationContext context = application(TwoServices.class)
                .run(arguments(settings(TestDatabase.fresh())))) {
            assertThat(context.getBean(NotesAtStart.class).count()).isZero();
            assertThat(context.getBeansOfType(SchemaMigration.class)).hasSize(2);
            assertThat(context.getBean(JdbcClient.class)
                    .sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
                    .query(Integer.class)
                    .single())
                    .isZero();
        }
    }

    @Test
    void saysInOneLineThatNothingAnswers(CapturedOutput output) throws IOException {
        int deaf;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            deaf = socket.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + deaf + "/signet";
        refusal("signet.database.url=" + url, "signet.database.username=signet", "signet.database.password=hunter2");
        assertThat(output).contains("APPLICATION FAILED TO START")
                .contains("Cannot reach the database " + url + ".")
                .doesNotContain("hunter2")
                .doesNotContain("\tat ");
    }

    @Test
    void saysInOneLineThatThePasswordIsWrong(CapturedOutput output) {
        TestDatabase database = TestDatabase.fresh();
        refusal("signet.database.url=" + database.url(), "signet.database.username=signet",
                "signet.database.password=hunter2");
        assertThat(output).contains("APPLICATION FAILED TO START")
                .containsPattern(
                        "The password for the database jdbc:postgresql://.* is wrong, or the role signet does not exist\\.")
                .doesNotContain("hunter2")
                .doesNotContain("\tat ");
    }

    @Test
    void saysThatTheDatabaseDoesNotExist() {
        TestDatabase database = TestDatabase.fresh();
        assertThat(refusal("signet.database.url=" + database.url().replaceAll("/test_\\d+", "/nowhere"),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password()))
                .hasMessageMatching("The server answers, but the database .*/nowhere does not exist\\.");
    }

    @Test
    void refusesAnotherDialect() {
        assertThat(refusal("signet.database.url=jdbc:h2:mem:signet"))
                .hasMessage("signet.database.url does not begin with jdbc:postgresql:");
    }

    @Test
    void refusesAPasswordInTheUrl(CapturedOutput output) {
        for (String url : List.of("//db/signet?user=signet&password=hunter2", "//db/signet?sslpassword=hunter2",
                "//signet:hunter2@db/signet")) {
            assertThat(refusal("signet.database.url=jdbc:postgresql:" + url))
                    .hasMessage("signet.database.url holds a password.");
        }
        assertThat(output).doesNotContain("hunter2");
    }

    @Test
    void refusesAPasswordThatBelongsToNoUrl() {
        assertThat(refusal("signet.database.password=hunter2"))
                .hasMessage("signet.database.username or .password is set, but signet.database.url is not.");
        assertThat(temp.resolve("postgres")).doesNotExist();
    }

    @Test
    void refusesADatabaseThatForgetsAfterACrashUnlessToldThatThisIsFine(CapturedOutput output) {
        for (String off : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            try (EmbeddedPostgres forgetful = EmbeddedPostgres.start(temp.resolve("forgetful"), TestServer.PROGRAMS,
                    Map.of(off, "off"), new SecureRandom())) {
                String[] settings = {"signet.database.url=" + forgetful.access().url(),
                    "signet.database.username=" + forgetful.access().username(),
                    "signet.database.password=" + forgetful.access().password()};
                assertThat(refusal(settings)).hasMessageMatching("The database jdbc:postgresql://127.0.0.1:\\d+/signet"
                        + " runs with " + off + "=off: a crash would lose what was already acknowledged\\.");
                List<String> accepted = new ArrayList<>(List.of(settings));
                accepted.add("signet.database.accept-data-loss=true");
                run(accepted.toArray(String[]::new)).close();
                assertThat(output).contains("The database runs with " + off + "=off");
            }
        }
    }

    @Test
    void refusesAsynchronousCommitOfTheConnectionItself() {
        TestDatabase database = TestDatabase.fresh();
        assertThat(refusal("signet.database.url=" + database.url() + "&options=-c%20synchronous_commit=off",
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password()))
                .hasMessageContaining("runs with synchronous_commit=off:");
    }

    @Test
    void refusesADatabaseThatIsNotUtf8() throws Exception {
        TestDatabase database = TestDatabase.fresh();
        Sql.run(TestServer.EMBEDDED.running().superuser().to("postgres"), """
                CREATE DATABASE latin OWNER signet ENCODING 'LATIN1'
                    LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0""");
        assertThat(refusal("signet.database.url=" + database.url().replaceAll("/test_\\d+", "/latin"),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password()))
                .hasMessageEndingWith("/latin has the encoding LATIN1, not UTF8.");
    }

    @Test
    void refusesAPoolTooSmallToMigrate(CapturedOutput output) {
        assertThatThrownBy(() -> run(settings(TestDatabase.fresh(), "signet.database.pool-size=3")));
        assertThat(output).contains("signet.database.poolSize");
    }

    @Test
    void hidesThePasswordWhenItsSettingsArePrinted() {
        assertThat(new DatabaseProperties("jdbc:postgresql://db/x?password=hunter2", "signet", "hunter2", 16, false)
                .toString()).doesNotContain("hunter2");
        assertThat(new DatabaseAccess("jdbc:postgresql://db/x?sslmode=require", "signet", "hunter2")
                .toString()).isEqualTo("DatabaseAccess[jdbc:postgresql://db/x]");
    }

    @Test
    void tellsNoPasswordAtAnyLogLevel(CapturedOutput output) throws IOException {
        TestDatabase database = TestDatabase.fresh();
        try {
            run(settings(database, "logging.level.root=trace")).close();
            run("logging.level.root=trace").close();
        } finally {
            // It would stay for every later test of this JVM.
            LoggingSystem.get(getClass().getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
        }
        // The pool tells its settings at that level, with the password left out.
        assertThat(output).contains("DEBUG")
                .doesNotContain(database.password())
                .doesNotContain(Files.readString(temp.resolve("postgres-password")).strip());
    }

    private DatabaseStartException refusal(String... settings) {
        Throwable thrown = catchThrowable(() -> run(settings).close());
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseStartException refusal) {
                return refusal;
            }
        }
        throw new AssertionError("the application started, or failed otherwise", thrown);
    }

    private ConfigurableApplicationContext run(String... settings) {
        return application(OneService.class).run(arguments(settings));
    }

    private static SpringApplicationBuilder application(Class<?> configuration) {
        return new SpringApplicationBuilder(configuration).web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false);
    }

    private String[] arguments(String... settings) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--signet.data-dir=" + temp);
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        return arguments.toArray(String[]::new);
    }

    private static String[] settings(TestDatabase database, String... more) {
        List<String> settings = new ArrayList<>(List.of("signet.database.url=" + database.url(),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password()));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DatabaseConfiguration.class)
    static class OneService {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DatabaseConfiguration.class)
    static class TwoServices {

        @Bean
        SchemaMigration twoSchema(DataSource dataSource) {
            return new SchemaMigration(dataSource, "two", "classpath:im/signet/kit/database/two");
        }

        @Bean
        NotesAtStart notesAtStart(JdbcClient jdbc) {
            return new NotesAtStart(jdbc.sql("SELECT (SELECT count(*) FROM one.note) + (SELECT count(*) FROM two.note)")
                    .query(Integer.class)
                    .single());
        }

        @Bean
        SchemaMigration oneSchema(DataSource dataSource) {
            return new SchemaMigration(dataSource, "one", "classpath:im/signet/kit/database/one");
        }
    }

    record NotesAtStart(int count) {}
}
