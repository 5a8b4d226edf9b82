package im.signet.standalone;

import im.signet.kit.database.TestDatabase;
import im.signet.standalone.admin.AdminCommands;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AdminTest {

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static final Operator NOBODY = _ -> Optional.empty();

    private Exit run(String... words) {
        return run(NOBODY, Duration.ofMinutes(1), List.of(words));
    }

    private Exit run(Operator operator, Duration patience, List<String> words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(words);
        int status = Signet.commandLine(operator, AdminCommands.of(operator, patience))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .execute(all.toArray(String[]::new));
        return Arrays.stream(Exit.values()).filter(exit -> exit.status() == status).findFirst().orElseThrow();
    }

    private Exit rotate(String... settings) {
        List<String> words = new ArrayList<>(List.of("pepper", "rotate"));
        words.addAll(List.of(settings));
        return run(NOBODY, Duration.ofSeconds(2), words);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private ConfigurableApplicationContext server(Path config) {
        return new SpringApplicationBuilder(StandaloneApplication.class).bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run("--spring.config.additional-location=" + config.toUri(), "--server.port=0",
                        "--server.address=127.0.0.1");
    }

    private Path config(String... more) throws IOException {
        Path config = temp.resolve("signet.yaml");
        Files.writeString(config, """
                signet:
                  server-name: id.example.org
                  public-url: https://id.example.org
                  data-dir: %s
                %s""".formatted(temp.resolve("data"), String.join("\n", more)));
        return config;
    }

    private static String pepper(ConfigurableApplicationContext server) {
        return server.getBean(JdbcClient.class)
                .sql("SELECT value FROM identity.pepper WHERE current_since IS NOT NULL ORDER BY id DESC LIMIT 1")
                .query(String.class)
                .single();
    }

    @Test
    void rotatesThePepperOfARunningServerOnItsEmbeddedDatabase() throws IOException {
        Path config = config();
        try (ConfigurableApplicationContext server = server(config)) {
            String former = pepper(server);
            Exit exit = run("pepper", "rotate", "--config", config.toString());
            assertThat(complained()).isEmpty();
            assertThat(exit).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("Noted as identity/1, by ")
                    .endsWith("A new pepper is in use. The one before it is accepted for another hour.\n");
            assertThat(pepper(server)).isNotEqualTo(former);
            assertThat(said()).doesNotContain(pepper(server)).doesNotContain(former);
        }
        assertThat(rotate("--config=" + config)).isEqualTo(Exit.UNAVAILABLE);
        assertThat(complained()).contains("no server runs on the data folder " + temp.resolve("data"))
                .doesNotContain("\tat ");
    }

    @Test
    void rotatesThePepperOfARunningServerOnAGivenDatabase() throws IOException {
        TestDatabase database = TestDatabase.fresh();
        Path config = config("  database:", "    url: " + database.url(), "    username: " + database.username(),
                "    password: " + database.password(), "    pool-size: 8");
        assertThat(rotate("--config=" + config)).isEqualTo(Exit.UNAVAILABLE);
        assertThat(complained()).contains("no server of this version has set up that database");
        String former;
        try (ConfigurableApplicationContext server = server(config)) {
            former = pepper(server);
            assertThat(run("pepper", "rotate", "--config=" + config)).isEqualTo(Exit.OK);
            assertThat(pepper(server)).isNotEqualTo(former);
            former = pepper(server);
        }
        // Nobody runs: it says so, and the next server that starts does it.
        assertThat(rotate("--config=" + config)).isEqualTo(Exit.TEMPORARY);
        assertThat(said()).contains("No server is running on this database");
        try (ConfigurableApplicationContext server = server(config)) {
            String before = former;
            await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !pepper(server).equals(before));
        }
    }

    @Test
    void needsADatabaseAndNeverStartsOne() {
        assertThat(rotate("--signet.data-dir=" + temp)).isEqualTo(Exit.UNAVAILABLE);
        assertThat(complained())
                .startsWith("signet: No signet.database.url is set, and no server runs on the data folder");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void tellsWhoCallsAnother() {
        for (String[] words : new String[][]{{}, {"pepper"}, {"pepper", "grind"}, {"rotate"}, {"token", "revoke"},
            {"pepper", "rotate", "twice"}, {"outbox", "list", "--yess"}}) {
            assertThat(run(words)).isEqualTo(Exit.USAGE);
            assertThat(complained()).startsWith("signet: ").hasLineCount(1);
        }
    }

    @Test
    void hasAHelpForEachCommand() {
        CommandLine admin = AdminCommands.of(NOBODY);
        List<String> leaves = new ArrayList<>();
        admin.getSubcommands().forEach((name, command) -> {
            if (command.getSubcommands().isEmpty()) {
                leaves.add(name);
            }
            command.getSubcommands().keySet().forEach(leaf -> leaves.add(name + " " + leaf));
        });
        assertThat(leaves).hasSize(26);
        for (String leaf : leaves) {
            List<String> words = new ArrayList<>(List.of(leaf.split(" ")));
            words.add("--help");
            assertThat(run(NOBODY, Duration.ZERO, words)).as(leaf).isEqualTo(Exit.OK);
            assertThat(said()).contains("signet admin " + leaf).contains("--config").contains("Usage");
        }
    }

    @Test
    void endsTokensOfOneUserAndOfAll() throws IOException {
        Path config = config();
        String at = "--config=" + config;
        try (ConfigurableApplicationContext server = server(config)) {
            JdbcClient jdbc = server.getBean(JdbcClient.class);
            for (String user : List.of("@alice:example.org", "@alice:example.org", "@bob:example.org",
                    "@carol:example.org")) {
                jdbc.sql("""
                        INSERT INTO terms.access_token (token_hash, user_id, created_at, expires_at)
                        VALUES (sha256(uuid_send(gen_random_uuid())), :user, now(), now() + interval '1 day')""")
                        .param("user", user)
                        .update();
            }
            assertThat(run("token", "revoke", "@alice:example.org", at)).isEqualTo(Exit.USAGE);
            assertThat(complained()).contains("--yes").contains("This ends 2 access tokens of that user");
            assertThat(tokens(jdbc)).isEqualTo(4);
            assertThat(run("token", "revoke", "@alice:example.org", "--yes", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("2 access tokens have ended.\nNoted as terms/1, by ");
            assertThat(run("token", "revoke", "@alice:example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("There was no access token to end.\n");
            assertThat(run("token", "revoke", "@bob:example.org", "--yes", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("1 access token has ended.\n");
            assertThat(run("token", "revoke", "alice", at)).isEqualTo(Exit.USAGE);
            assertThat(complained()).contains("@alice:example.org");
            assertThat(run("token", "revoke-all", at)).isEqualTo(Exit.USAGE);
            assertThat(complained()).contains("--yes");
            assertThat(tokens(jdbc)).isEqualTo(1);
            assertThat(run("token", "revoke-all", "--yes", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("1 access token has ended.\n");
            assertThat(tokens(jdbc)).isZero();
        }
    }

    @Test
    void invitesToHandlesAndSuspendsThem() throws IOException {
        Path config = config();
        String at = "--config=" + config;
        try (ConfigurableApplicationContext server = server(config)) {
            JdbcClient jdbc = server.getBean(JdbcClient.class);
            assertThat(run("handle", "invite", at)).isEqualTo(Exit.OK);
            assertThat(said()).matches("[A-Za-z0-9_-]{27}\\nIt can be used once, .*\\nNoted as names/1, by .*\\n");
            assertThat(jdbc.sql("SELECT count(*) FROM names.invite").query(Long.class).single()).isEqualTo(1);
            assertThat(run("handle", "suspend", "alice@example.org", at)).isEqualTo(Exit.USAGE);
            assertThat(said()).isEqualTo("Nobody has that handle.\n");
            assertThat(run("handle", "suspend", "Alice@example.org", at)).isEqualTo(Exit.USAGE);
            assertThat(complained()).startsWith("signet: That is no handle such as alice@example.org");
            String id = "n1" + "a".repeat(52);
            jdbc.sql("INSERT INTO names.identity (id, seq, head) VALUES (:id, 0, :head)")
                    .param("id", id)
                    .param("head", "A".repeat(43))
                    .update();
            jdbc.sql("""
                    INSERT INTO names.binding (handle, domain, fold, fold_version, id, seq, op_id, jws, state,
                        expires_at, account_hash, registered_at, agreed_at, reclaimed)
                    VALUES ('alice@example.org', 'example.org', 'allce', 1, :id, 0, :op, '', 'active', now(),
                        sha256(''), now(), now(), false)""")
                    .param("id", id)
                    .param("op", "A".repeat(43))
                    .update();
            assertThat(run("handle", "suspend", "alice@example.org", "--yes", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("The handle is suspended");
            assertThat(isSuspended(jdbc)).isTrue();
            assertThat(run("handle", "unsuspend", "alice@example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("The handle is no longer suspended.\n");
            assertThat(isSuspended(jdbc)).isFalse();
        }
    }

    private static boolean isSuspended(JdbcClient jdbc) {
        return jdbc.sql("SELECT suspended FROM names.binding").query(Boolean.class).single();
    }

    private static long tokens(JdbcClient jdbc) {
        return jdbc.sql("SELECT count(*) FROM terms.access_token").query(Long.class).single();
    }

    @Test
    void doesWhatItAsksForOnlyWhenTheOperatorTypesYes() throws IOException {
        List<String> line = List.of("token", "revoke-all", "--config=" + config());
        try (ConfigurableApplicationContext server = server(config())) {
            JdbcClient jdbc = server.getBean(JdbcClient.class);
            jdbc.sql("""
                    INSERT INTO terms.access_token (token_hash, user_id, created_at, expires_at)
                    VALUES (sha256('x'), '@alice:example.org', now(), now() + interval '1 day')""").update();
            for (String answer : List.of("", "y", "no", "Yes", "yes please")) {
                assertThat(run(_ -> Optional.of(answer), Duration.ZERO, line)).isEqualTo(Exit.USAGE);
                assertThat(complained()).isEqualTo("signet: nothing was done\n");
                assertThat(said()).isEmpty();
                assertThat(tokens(jdbc)).isEqualTo(1);
            }
            StringBuilder questions = new StringBuilder();
            assertThat(run(question -> {
                questions.append(question);
                return Optional.of("yes ");
            }, Duration.ZERO, line)).isEqualTo(Exit.OK);
            assertThat(questions).endsWith("Go on? Type 'yes': ");
            assertThat(tokens(jdbc)).isZero();
        }
    }

    @Test
    void noKeyFileChangesWithoutALineOrItIsSaid() throws IOException {
        Path config = config();
        Path file = temp.resolve("data/keys/outbox.keys");
        try (ConfigurableApplicationContext server = server(config)) {
            JdbcClient jdbc = server.getBean(JdbcClient.class);
            String before = Files.readString(file);
            jdbc.sql("ALTER TABLE names.operator_action ADD CONSTRAINT full_up CHECK (false) NOT VALID").update();
            for (String command : List.of("add", "rotate")) {
                assertThat(run("key", command, "outbox", "--yes", "--config=" + config)).isEqualTo(Exit.INTERNAL);
                assertThat(file).hasContent(before);
            }
            jdbc.sql("ALTER TABLE names.operator_action DROP CONSTRAINT full_up").update();
            // The commit fails: the file is changed by then.
            jdbc.sql("""
                    CREATE FUNCTION names.refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$BEGIN RAISE EXCEPTION 'refused'; END$$""").update();
            jdbc.sql("""
                    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON names.operator_action
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION names.refuse()""").update();
            assertThat(run("key", "add", "outbox", "--config=" + config)).isEqualTo(Exit.INTERNAL);
            assertThat(complained()).contains(file + " IS changed: the key o").contains("SQLSTATE P0001");
            assertThat(Files.readString(file)).startsWith(before.strip()).isNotEqualTo(before);
        }
    }
}
