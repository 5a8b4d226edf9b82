package im.signet.standalone.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingsArgumentsTest {

    @Command(name = "grind")
    private static final class Grind {

        @Mixin
        private final SettingsArguments settings = new SettingsArguments();

        @Parameters(arity = "0..1")
        private String grain = "";
    }

    private static Grind parsed(String... words) {
        Grind grind = new Grind();
        new CommandLine(grind).setExpandAtFiles(false).parseArgs(words);
        return grind;
    }

    @Test
    void areSettingsInAnyOrder(@TempDir Path temp) throws IOException {
        Path config = Files.createFile(temp.resolve("signet.yaml"));
        String location = "--spring.config.additional-location=" + config.toUri();
        for (Grind grind : List.of(parsed("@rye:mill", "--config", config.toString(), "--a.b=c d=e"),
                parsed("--a.b=c d=e", "--config=" + config, "@rye:mill"))) {
            assertThat(grind.grain).isEqualTo("@rye:mill");
            assertThat(grind.settings.settings()).containsExactly(location, "--a.b=c d=e");
        }
    }

    @Test
    void mayBeNone() {
        assertThat(parsed().settings.settings()).isEmpty();
        assertThat(parsed("rye").settings.file()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config", "--config=/no/such/file", "--config=/", "--verbose", "--yess", "-y", "rye",
        "--=x"})
    void areRefusedWhereTheyMakeNoSense(String word) {
        assertThatThrownBy(() -> parsed("rye", word).settings.settings())
                .isInstanceOf(CommandLine.ParameterException.class)
                .message()
                .hasLineCount(1);
    }

    @Test
    void areReadAsAServerReadsThem(@TempDir Path temp) throws IOException {
        Path config = Files.writeString(temp.resolve("signet.yaml"), "signet.server-name: id.example.org\n");
        try (var read = parsed("--config=" + config, "--signet.data-dir=/srv").settings.read()) {
            assertThat(read.getEnvironment().getProperty("signet.server-name")).isEqualTo("id.example.org");
            assertThat(read.getEnvironment().getProperty("signet.data-dir")).isEqualTo("/srv");
        }
    }
}
