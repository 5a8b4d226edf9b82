package im.signet.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands about settings as they are packaged: what they read lies in jars within the jar there. */
class ConfigCommandsIT {

    private static final Path JAR = Path.of("target", "signet.jar").toAbsolutePath();
    private static final Path REFERENCE = Path.of("..", "..", "docs", "reference");

    @TempDir
    Path folder;

    private record Ended(int status, String output) {}

    private Ended run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    @Test
    void printsTheReferenceAndTheSchema() throws Exception {
        assertThat(run(Map.of(), "config", "reference"))
                .isEqualTo(new Ended(0, Files.readString(REFERENCE.resolve("configuration.md"))));
        assertThat(run(Map.of(), "config", "schema"))
                .isEqualTo(new Ended(0, Files.readString(REFERENCE.resolve("signet.schema.json"))));
    }

    @Test
    void checksAndPrintsSettings() throws Exception {
        Files.writeString(folder.resolve("signet.yaml"), """
                signet:
                  server-name: id.example.org
                  public-url: https://id.example.org
                  mail: {host: smtp.example.org, username: me, from: id@example.org}
                """);
        Map<String, String> password = Map.of("SIGNET_MAIL_PASSWORD", "geheim");
        assertThat(run(password, "config", "check", "--config", "signet.yaml")).satisfies(ended -> {
            assertThat(ended.status()).isZero();
            assertThat(ended.output()).contains("ok: a server starts with these settings").doesNotContain("geheim");
        });
        assertThat(run(password, "config", "print", "--changed", "--config", "signet.yaml")).satisfies(ended -> {
            assertThat(ended.status()).isZero();
            assertThat(ended.output()).containsPattern("password: \\(hidden\\) +# variable SIGNET_MAIL_PASSWORD\n")
                    .containsPattern("server-name: id.example.org +# signet.yaml:2\n")
                    .doesNotContain("geheim");
        });
        assertThat(run(password, "config", "check", "--config", "signet.yaml", "--signet.mail.port=many"))
                .satisfies(ended -> {
                    assertThat(ended.status()).isEqualTo(78);
                    assertThat(ended.output()).contains("error    command line: The setting signet.mail.port");
                });
    }

    @Test
    void servesNothingByWrongSettings() throws Exception {
        for (String wrong : List.of("mail.port: many", "mail.prot: 25", "mail: {host: x}", "no: [yaml")) {
            Files.writeString(folder.resolve("signet.yaml"),
                    "signet:\n  server-name: id.example.org\n  public-url: https://id.example.org\n  " + wrong + "\n");
            assertThat(run(Map.of(), "serve", "--config", "signet.yaml").status()).as(wrong).isEqualTo(78);
        }
        assertThat(run(Map.of(), "serve", "--signet.server-name=id.example.org", "--signet.public-url=http://localhost",
                "--signet.database.url=jdbc:postgresql://127.0.0.1:1/x", "--signet.database.username=x",
                "--signet.database.password=x").status()).as("a database may come").isEqualTo(1);
    }

    @Test
    void doctorAndUpgradeSayThatThereIsNoServerYet() throws Exception {
        Files.writeString(folder.resolve("signet.yaml"), """
                signet: {server-name: id.example.org, public-url: "http://127.0.0.1:1"}
                """);
        assertThat(run(Map.of(), "doctor", "--config", "signet.yaml")).satisfies(ended -> {
            assertThat(ended.status()).isEqualTo(69);
            assertThat(ended.output()).contains("FAIL  database: No signet.database.url is set, and no server runs")
                    .contains("FAIL  public url:")
                    .contains("ok    management port:");
        });
        assertThat(run(Map.of(), "upgrade", "check", "--config", "signet.yaml").status()).isEqualTo(69);
        assertThat(folder.resolve("data")).as("nothing was begun").doesNotExist();
    }
}
