package im.signet.standalone;

import im.signet.kit.database.TestDatabase;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AdminTest {

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Exit run(List<AdminCommand> commands, String... words) {
        return run(commands, _ -> Optional.empty(), List.of(words));
    }

    private Exit run(List<AdminCommand> commands, Operator operator, List<String> words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(words);
        int status = Signet.commandLine(new ServeCommand(), new AdminGroup(commands, operator))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .execute(all.toArray(String[]::new));
        return Arrays.stream(Exit.values()).filter(exit -> exit.status() == status).findFirst().orElseThrow();
    }

    private Exit rotate(String... settings) {
        List<String> words = new ArrayList<>(List.of("pepper", "rotate"));
        words.addAll(List.of(settings));
        return run(List.of(new RotatePepper(Duration.ofSeconds(2))), words.toArray(String[]::new));
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
            Exit exit = run(Admin.commands(), "pepper", "rotate", "--config", config.toString());
            assertThat(complained()).isEmpty();
            assertThat(exit).isEqualTo(Exit.OK);
            assertThat(said()).isEqualTo("A new pepper is in use. The one before it is accepted for another hour.\n");
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
            assertThat(run(Admin.commands(), "pepper", "rotate", "--config=" + config)).isEqualTo(Exit.OK);
            assertThat(pepper(server)).isNotEqualTo(former);
            former = pepper(server);
        }
        // Nobody runs: it says so, and the next server that starts does it.
        assertThat(rotate("--config=" + config)).isEqualTo(Exit.TEMPORARY);
        assertThat(said()).startsWith("No server is running on this database");
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
    void listsTheCommandsToWhoCallsAnother() {
        for (String[] words : new String[][]{{}, {"pepper"}, {"pepper", "grind"}, {"rotate"}}) {
            assertThat(run(Admin.commands(), words)).isEqualTo(Exit.USAGE);
            assertThat(complained()).contains("signet admin pepper rotate [--config FILE]");
        }
    }

    @Test
    void tellsHowACommandIsUsed() {
        assertThat(run(List.of(new Echo()), "echo", "loudly")).isEqualTo(Exit.USAGE);
        assertThat(complained()).isEqualTo("signet: it is 'signet admin echo loudly TEXT [--config FILE]'\n");
        assertThat(Admin.help(List.of(new Echo())))
                .startsWith("  signet admin echo loudly TEXT [--config FILE] ")
                .endsWith(" say TEXT\n");
    }

    @Test
    void givesACommandItsArguments() {
        TestDatabase database = TestDatabase.fresh();
        assertThat(run(List.of(new RotatePepper(Duration.ZERO), new Echo()), "echo", "loudly", "hello",
                "--signet.database.url=" + database.url(), "--signet.database.username=" + database.username(),
                "--signet.database.password=" + database.password())).isEqualTo(Exit.OK);
        assertThat(said()).isEqualTo("HELLO\n");
    }

    // Nobody can be asked in a test.
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
            assertThat(run(Admin.commands(), "token", "revoke", "@alice:example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).isEqualTo("2 access tokens have ended.\n");
            assertThat(run(Admin.commands(), "token", "revoke", "@alice:example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).isEqualTo("There was no access token to end.\n");
            assertThat(run(Admin.commands(), "token", "revoke", "@bob:example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).isEqualTo("1 access token has ended.\n");
            assertThat(run(Admin.commands(), "token", "revoke", "alice", at)).isEqualTo(Exit.USAGE);
            assertThat(said()).contains("@alice:example.org");
            assertThat(run(Admin.commands(), "token", "revoke-all", at)).isEqualTo(Exit.USAGE);
            assertThat(complained()).contains("--yes");
            assertThat(tokens(jdbc)).isEqualTo(1);
            assertThat(run(Admin.commands(), "token", "revoke-all", "--yes", at)).isEqualTo(Exit.OK);
            assertThat(said()).isEqualTo("1 access token has ended.\n");
            assertThat(tokens(jdbc)).isZero();
        }
    }

    @Test
    void invitesToHandlesAndSuspendsThem() throws IOException {
        Path config = config();
        String at = "--config=" + config;
        try (ConfigurableApplicationContext server = server(config)) {
            JdbcClient jdbc = server.getBean(JdbcClient.class);
            assertThat(run(Admin.commands(), "handle", "invite", at)).isEqualTo(Exit.OK);
            assertThat(said()).matches("[A-Za-z0-9_-]{27}\\nIt can be used once, .*\\n");
            assertThat(jdbc.sql("SELECT count(*) FROM names.invite").query(Long.class).single()).isEqualTo(1);
            assertThat(run(Admin.commands(), "handle", "suspend", "alice@example.org", at)).isEqualTo(Exit.USAGE);
            assertThat(said()).isEqualTo("Nobody has that handle.\n");
            assertThat(run(Admin.commands(), "handle", "suspend", "Alice@example.org", at)).isEqualTo(Exit.USAGE);
            assertThat(said()).startsWith("That is no handle such as alice@example.org");
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
            assertThat(run(Admin.commands(), "handle", "suspend", "alice@example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).startsWith("The handle is suspended");
            assertThat(isSuspended(jdbc)).isTrue();
            assertThat(run(Admin.commands(), "handle", "unsuspend", "alice@example.org", at)).isEqualTo(Exit.OK);
            assertThat(said()).isEqualTo("The handle is no longer suspended.\n");
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
    void doesWhatItAsksForOnlyWhenTheOperatorTypesYes() {
        TestDatabase database = TestDatabase.fresh();
        List<String> line = List.of("drop", "--signet.database.url=" + database.url(),
                "--signet.database.username=" + database.username(),
                "--signet.database.password=" + database.password());
        for (String answer : List.of("", "y", "no", "Yes", "yes please")) {
            assertThat(asked(line, answer)).isEqualTo(Exit.USAGE);
            assertThat(complained()).isEqualTo("signet: nothing was done\n");
            assertThat(said()).isEmpty();
        }
        assertThat(asked(line, "yes ")).isEqualTo(Exit.OK);
        assertThat(said()).isEqualTo("Sure? Type 'yes': dropped\n");
        assertThat(run(List.of(new Echo()), "echo", "loudly", "x", "--yes")).isEqualTo(Exit.USAGE);
        assertThat(complained()).isEqualTo("signet: '--yes' answers nothing here\n");
    }

    private Exit asked(List<String> line, String answer) {
        StringBuilder questions = new StringBuilder();
        Exit exit = run(List.of(new Drop()), question -> {
            questions.append(question);
            return Optional.of(answer);
        }, line);
        if (exit == Exit.OK) {
            String done = said();
            out.reset();
            new PrintWriter(out, true, StandardCharsets.UTF_8).append(questions + done).flush();
        }
        return exit;
    }

    private static final class Drop implements AdminCommand {

        @Override
        public List<String> words() {
            return List.of("drop");
        }

        @Override
        public List<String> arguments() {
            return List.of();
        }

        @Override
        public String summary() {
            return "drop it";
        }

        @Override
        public Optional<String> question() {
            return Optional.of("Sure?");
        }

        @Override
        public Exit run(List<String> arguments, Connection database, PrintWriter out) {
            out.println("dropped");
            return Exit.OK;
        }
    }

    private static final class Echo implements AdminCommand {

        @Override
        public List<String> words() {
            return List.of("echo", "loudly");
        }

        @Override
        public List<String> arguments() {
            return List.of("TEXT");
        }

        @Override
        public String summary() {
            return "say TEXT";
        }

        @Override
        public Exit run(List<String> arguments, Connection database, PrintWriter out) {
            out.println(arguments.getFirst().toUpperCase(Locale.ROOT));
            return Exit.OK;
        }
    }
}
