package im.signet.standalone;

import im.signet.demo.DemoAuthority;
import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.kit.database.TestDatabase;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The doctor and the check of upgrades, on a real server with a real front, homeserver, mailbox and database. */
class DoctorTest {

    private static Town town = Town.start(Map.of("signet.trusted-proxies", "10.11.12.13"));
    private static TlsFront front = TlsFront.of(town.baseUrl(), town.authority, "localhost");

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void theHomeserverTellsOfTheServer() {
        town.homeserver.advertiseIdentityServer(frontUrl());
    }

    @AfterAll
    static void stop() {
        front.close();
        town.close();
    }

    private static URI frontUrl() {
        return URI.create("https://localhost:" + front.address().getPort());
    }

    /** What a command said and ended with. */
    private record Said(int status, String out) {

        List<String> lines(String what) {
            JsonNode checks = JsonMapper.shared().readTree(out).path("checks");
            return StreamSupport.stream(checks.spliterator(), false)
                    .filter(line -> line.path("what").asString("").equals(what))
                    .map(line -> line.path("level").asString("") + " " + line.path("words").asString("") + " "
                            + line.path("mend").asString(""))
                    .toList();
        }

        String line(String what) {
            assertThat(lines(what)).as(what).hasSize(1);
            return lines(what).getFirst();
        }
    }

    private static Said run(String... words) {
        StringWriter out = new StringWriter();
        CommandLine commands = Signet.commandLine(_ -> Optional.empty())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out));
        int status = commands.execute(words);
        return new Said(status, out.toString());
    }

    /** Returns the settings of the server with others on top, as arguments. */
    private static List<String> settings(Map<String, String> more) {
        ConfigurableEnvironment environment = town.server().getEnvironment();
        Map<String, String> settings = new LinkedHashMap<>();
        environment.getPropertySources()
                .stream()
                .filter(source -> source.getName().equals("commandLineArgs"))
                .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .forEach(name -> settings.put(name, environment.getProperty(name, "")));
        settings.put("signet.public-url", frontUrl().toString());
        settings.putAll(more);
        List<String> arguments = new ArrayList<>();
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return arguments;
    }

    private static Said doctor(Map<String, String> more, String... options) {
        List<String> words = new ArrayList<>(List.of("doctor", "--json"));
        words.addAll(List.of(options));
        words.addAll(settings(more));
        return run(words.toArray(String[]::new));
    }

    private static Said upgrade(Map<String, String> more) {
        List<String> words = new ArrayList<>(List.of("upgrade", "check"));
        words.addAll(settings(more));
        return run(words.toArray(String[]::new));
    }

    private static Path keys() {
        return Path.of(town.server().getEnvironment().getRequiredProperty("signet.data-dir"), "keys");
    }

    @Test
    void findsAServerWell() throws InterruptedException {
        Said said = doctor(Map.of(), "--homeserver", town.homeserver.serverName().value(), "--mail-to",
                "operator@example.org");
        assertThat(said.out()).doesNotContain("\"FAIL\"");
        assertThat(said.status()).isZero();
        assertThat(said.line("public url")).contains("leads to this server: it publishes our signing key");
        assertThat(said.line("tls")).contains("is trusted");
        assertThat(said.line("cors")).startsWith("ok");
        assertThat(said.line("proxy")).startsWith("ok").contains("made-up X-Forwarded-For is not believed");
        assertThat(said.line("homeserver")).startsWith("ok");
        assertThat(said.line("well-known")).startsWith("ok");
        assertThat(said.line("keys")).startsWith("ok");
        assertThat(said.lines("schema")).hasSize(3).allMatch(line -> line.startsWith("ok"));
        assertThat(said.lines("clock")).hasSize(2).allMatch(line -> line.startsWith("ok"));
        assertThat(said.line("mail")).startsWith("ok").contains("took the test mail");
        assertThat(town.mailbox.awaitMailTo("operator@example.org", Duration.ofSeconds(10)).text())
                .contains("signet doctor");
    }

    @Test
    void seesThatAMadeUpAddressIsBelieved() {
        // Asked without its proxy, by somebody whose address is trusted.
        Said said = doctor(Map.of("signet.public-url", town.baseUrl().toString()));
        assertThat(said.line("proxy")).startsWith("ok");
        try (Town trusting = Town.start(Map.of("signet.trusted-proxies", "127.0.0.0/8,::1"))) {
            Town before = town;
            town = trusting;
            try {
                assertThat(doctor(Map.of("signet.public-url", trusting.baseUrl().toString())).line("proxy"))
                        .startsWith("FAIL")
                        .contains("made up is believed");
            } finally {
                town = before;
            }
        }
    }

    private static String tls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.start();
        try {
            Said said = doctor(Map.of("signet.public-url", "https://localhost:" + server.getAddress().getPort()));
            assertThat(said.status()).isEqualTo(69);
            return said.line("tls");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysWhatIsWrongWithACertificate() throws IOException, GeneralSecurityException {
        assertThat(tls(town.authority.expiredServerContext("localhost"))).startsWith("FAIL").contains("expired on");
        assertThat(tls(town.authority.serverContext("other.example"))).startsWith("FAIL")
                .contains("is for other.example and not for localhost");
        assertThat(tls(DemoAuthority.create().serverContext("localhost"))).startsWith("FAIL")
                .contains("leads to no authority that is trusted");
        assertThat(tls(town.authority.earlyServerContext("localhost"))).startsWith("FAIL").contains("is valid from 20");
    }

    @Test
    void seesThatAServerHasNoCertificateForTheName() throws IOException, GeneralSecurityException {
        SSLContext without = SSLContext.getInstance("TLS");
        without.init(null, null, null);
        try (ServerSocket server = without.getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> refuse(server));
            assertThat(doctor(Map.of("signet.public-url", "https://localhost:" + server.getLocalPort())).line("tls"))
                    .startsWith("FAIL")
                    .contains("localhost speaks TLS and has no certificate for that name");
        }
    }

    private static void refuse(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                assertThat(client.getInputStream().read()).isNegative();
            } catch (IOException refused) {
                // as it is to be
            }
        }
    }

    @Test
    void seesThatThePublicUrlLeadsElsewhere() throws IOException {
        Path others = Files.createDirectories(folder.resolve("data/keys"));
        String line = Files.readAllLines(keys().resolve("limit.keys")).getLast();
        Files.writeString(others.resolve("signing.keys"), "ed25519:other" + line.substring(line.indexOf(' ')) + "\n");
        assertThat(doctor(Map.of("signet.data-dir", folder.resolve("data").toString())).line("public url"))
                .startsWith("FAIL")
                .contains("leads to another server");
    }

    @Test
    void seesThatAHomeserverNamesAnotherServer() {
        town.homeserver.advertiseIdentityServer(URI.create("https://vector.example"));
        try {
            assertThat(doctor(Map.of(), "--homeserver", town.homeserver.serverName().value()).line("well-known"))
                    .startsWith("warn")
                    .contains("another identity server, https://vector.example")
                    .contains("If it is yours: have https://");
        } finally {
            town.homeserver.advertiseIdentityServer(frontUrl());
        }
    }

    @Test
    void saysWhatIsWrongWithAnSmtpServer() {
        assertThat(doctor(Map.of("signet.mail.security", "starttls")).line("mail")).startsWith("FAIL")
                .contains("offers no STARTTLS");
        try (ScriptedSmtpServer silent = ScriptedSmtpServer.start().hang(SmtpStage.GREETING)) {
            assertThat(doctor(Map.of("signet.mail.port", String.valueOf(silent.port()))).line("mail"))
                    .startsWith("FAIL")
                    .contains("does not answer in time");
        }
        try (ScriptedSmtpServer strict = ScriptedSmtpServer.start().demandAuth("me", "right")) {
            assertThat(doctor(Map.of("signet.mail.port", String.valueOf(strict.port()), "signet.mail.username", "me",
                    "signet.mail.password", "wr0ng-geheim"))).satisfies(said -> {
                        assertThat(said.line("mail")).startsWith("FAIL").contains("refuses our log-in");
                        assertThat(said.out()).doesNotContain("geheim");
                    });
        }
    }

    @Test
    void seesKeysThatOthersCanRead() throws IOException {
        Path key = keys().resolve("address.keys");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        try {
            assertThat(doctor(Map.of()).line("files")).startsWith("FAIL")
                    .contains("address.keys has the modes rw-r--r--")
                    .contains("chmod 0600");
        } finally {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void seesThatAKeyIsGone() throws IOException {
        Path key = keys().resolve("address.keys");
        Path away = Files.move(key, folder.resolve("address.keys"));
        try {
            assertThat(doctor(Map.of()).line("keys")).startsWith("FAIL").contains("not in " + key);
            assertThat(upgrade(Map.of())).satisfies(said -> {
                assertThat(said.status()).isEqualTo(78);
                assertThat(said.out()).contains("REFUSED").contains("not in " + key);
            });
        } finally {
            Files.move(away, key);
        }
    }

    @Test
    void seesADatabaseThatLosesData() throws SQLException {
        TestDatabase fresh = TestDatabase.fresh();
        // For that database alone: its server has those of other tests, too.
        sql(fresh, "ALTER DATABASE " + fresh.url().replaceFirst(".*/([a-z0-9_]+).*", "$1")
                + " SET synchronous_commit = off");
        Said said = doctor(of(fresh));
        assertThat(said.lines("database")).anyMatch(line -> line.startsWith("FAIL synchronous_commit is off"));
        assertThat(said.lines("schema")).allMatch(line -> line.startsWith("warn"));
    }

    @Test
    void seesAChangeThatWasNotFinished() {
        String history = "names.flyway_schema_history";
        town.sql("names")
                .sql("INSERT INTO " + history
                        + " SELECT 998, '20991231.2359', 'half', 'SQL', 'x', 0, current_user, now(), 0, false")
                .update();
        try {
            assertThat(doctor(Map.of()).lines("schema")).anyMatch(
                    line -> line.startsWith("FAIL names has a change that was begun and not finished: 20991231.2359"));
        } finally {
            town.sql("names").sql("DELETE FROM " + history + " WHERE installed_rank = 998").update();
        }
    }

    @Test
    void seesWhatAKilledRestoreHasLeft() throws SQLException {
        TestDatabase fresh = TestDatabase.fresh();
        sql(fresh, "CREATE SCHEMA restoring_identity");
        sql(fresh, "CREATE SCHEMA restoring_others");
        assertThat(doctor(of(fresh)).lines("database")).anyMatch(line -> line.startsWith("warn")
                && line.contains("DROP SCHEMA restoring_identity CASCADE;") && !line.contains("restoring_others"));
    }

    private static Map<String, String> of(TestDatabase database) {
        return Map.of("signet.database.url", database.url(), "signet.database.username", database.username(),
                "signet.database.password", database.password());
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void tellsWhatAnUpgradeWouldChange() {
        assertThat(upgrade(Map.of())).satisfies(said -> {
            assertThat(said.status()).isZero();
            assertThat(said.out()).contains("both versions can run side by side");
        });
        String history = "identity.flyway_schema_history";
        town.sql("identity")
                .sql("UPDATE " + history + " SET version = '20991231.2359' WHERE version = '20261121.2300'")
                .update();
        try {
            assertThat(upgrade(Map.of())).satisfies(said -> {
                assertThat(said.status()).isEqualTo(78);
                assertThat(said.out()).contains("1 change")
                        .contains("20261121.2300  association held since")
                        .contains("newer version, by 20991231.2359");
            });
            assertThat(doctor(Map.of()).lines("schema")).anyMatch(line -> line.startsWith("FAIL identity"));
            town.sql("identity").sql("DELETE FROM " + history + " WHERE version = '20991231.2359'").update();
            assertThat(upgrade(Map.of())).satisfies(said -> {
                assertThat(said.status()).isIn(0, 75);
                assertThat(said.out()).contains("Take a backup first").contains("signet backup --to");
            });
        } finally {
            // Put back as it was, for whatever runs next on this town.
            town.sql("identity")
                    .sql("INSERT INTO " + history
                            + " SELECT 999, '20261121.2300', 'association held since', 'SQL', 'x', 0, "
                            + "current_user, now(), 0, true WHERE NOT EXISTS (SELECT 1 FROM " + history
                            + " WHERE version = '20261121.2300')")
                    .update();
        }
    }

    @Test
    void saysThatThereIsNoDatabase() {
        assertThat(upgrade(Map.of("signet.database.url", "jdbc:postgresql://127.0.0.1:1/x")).status()).isEqualTo(69);
    }
}
