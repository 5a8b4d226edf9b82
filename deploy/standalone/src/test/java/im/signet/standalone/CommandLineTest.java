package im.signet.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommandLineTest {

    @Test
    void isWordsAndSettingsInAnyOrder(@TempDir Path temp) throws IOException {
        Path config = Files.createFile(temp.resolve("signet.yaml"));
        String location = "--spring.config.additional-location=" + config.toUri();
        for (List<String> words : List.of(List.of("pepper", "--config", config.toString(), "rotate", "--a.b=c"),
                List.of("--config=" + config, "pepper", "rotate", "--a.b=c"))) {
            CommandLine line = CommandLine.parse(words);
            assertThat(line.plain()).containsExactly("pepper", "rotate");
            assertThat(line.settings()).containsExactly(location, "--a.b=c");
        }
    }

    @Test
    void mayBeEmpty() {
        assertThat(CommandLine.parse(List.of())).isEqualTo(new CommandLine(List.of(), List.of(), false));
    }

    @Test
    void mayAnswerBeforehand() {
        CommandLine line = CommandLine.parse(List.of("--yes", "token", "revoke-all"));
        assertThat(line.yes()).isTrue();
        assertThat(line.plain()).containsExactly("token", "revoke-all");
        assertThatThrownBy(line::withoutYes).isInstanceOf(CommandLine.Misuse.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config", "--config=/no/such/file", "--config=/", "--verbose", "--yess", "--y"})
    void isRefusedWhenAnOptionMakesNoSense(String option) {
        assertThatThrownBy(() -> CommandLine.parse(List.of("pepper", option))).isInstanceOf(CommandLine.Misuse.class);
    }
}
