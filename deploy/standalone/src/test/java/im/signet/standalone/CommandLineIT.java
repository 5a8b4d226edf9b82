package im.signet.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The packaged server as an operator meets it: what it prints, and its exit status. */
class CommandLineIT {

    private static final Path JAR = Path.of("target", "signet.jar").toAbsolutePath();

    @TempDir
    Path folder;

    private record Ended(int status, String output) {}

    private Ended run(String java, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java, "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private static String thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String config(String text) throws IOException {
        return Files.writeString(folder.resolve("signet.yaml"), text).toString();
    }

    @Test
    void explainsItself() throws Exception {
        Ended help = run(thisJava(), "help");
        assertThat(help.status()).isZero();
        assertThat(help.output()).contains("serve", "--config FILE");
    }

    @Test
    void refusesWordsItDoesNotKnow() throws Exception {
        assertThat(run(thisJava(), "sevre")).satisfies(ended -> {
            assertThat(ended.status()).isEqualTo(64);
            assertThat(ended.output()).contains("sevre").hasLineCount(1);
        });
        assertThat(run(thisJava(), "serve", "--config").status()).isEqualTo(64);
        assertThat(run(thisJava(), "serve", "--config", "none.yaml")).satisfies(ended -> {
            assertThat(ended.status()).isEqualTo(64);
            assertThat(ended.output()).contains("none.yaml").hasLineCount(1);
        });
    }

    @Test
    void suggestsTheSettingThatWasMeant() throws Exception {
        Ended ended = run(thisJava(), "serve", "--config", config("""
                signet:
                  server-name: id.example.org
                  public-url: https://id.example.org
                  mial: {host: localhost}
                """));
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.output()).contains("signet.mial.host")
                .contains("signet.mail.host")
                .doesNotContain("at im.signet");
        assertThat(folder.resolve("data")).as("nothing was begun").doesNotExist();
    }

    @Test
    void triesTemplates() throws Exception {
        assertThat(run(thisJava(), "templates", "check")).satisfies(ended -> {
            assertThat(ended.status()).isZero();
            assertThat(ended.output().lines()).hasSizeGreaterThan(15)
                    .allMatch(line -> line.startsWith("ok     (ours) "));
        });
        Path templates = Files.createDirectory(folder.resolve("templates"));
        Files.writeString(templates.resolve("confirm.html"), "<p th:text=\"${no\">");
        Ended wrong = run(thisJava(), "templates", "check", "--config",
                config("signet.mail.templates: " + templates + "\n"));
        assertThat(wrong.status()).isEqualTo(78);
        assertThat(wrong.output()).contains("WRONG  " + templates.resolve("confirm.html") + ":1: ")
                .doesNotContain("\tat ", "Exception");
    }

    @Test
    void namesTheSettingThatIsMissing() throws Exception {
        Ended ended = run(thisJava(), "serve", "--config", config("signet.public-url: https://id.example.org\n"));
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.output()).containsIgnoringCase("serverName").doesNotContain("at im.signet");
    }

    // Whatever `java` is on the PATH: where it is older than the server needs, the launcher finds a newer one.
    @Test
    void startsByTheJavaOnThePath() throws Exception {
        assertThat(run("java", "help").output()).contains("--config FILE");
        assertThat(run("java", "sevre").status()).isEqualTo(64);
    }
}
