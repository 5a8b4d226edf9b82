package im.signet.protocol.handle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/spec/handles.md} says beside what the code has. */
class HandlesSpecTest {
    private final String spec = read();

    @Test
    void namesEveryReasonWithItsWordsInOrder() {
        String table = String.join("\n", Arrays.stream(Reason.values())
                .map(reason -> "| `" + reason + "` | " + reason.words() + " |")
                .toList());

        assertThat(spec).contains("|---|---|\n" + table + "\n\n");
    }

    @Test
    void saysWhereEveryReasonIsGiven() {
        String rules = spec.substring(0, spec.indexOf("## 10. Reasons"));

        assertThat(Reason.values()).allSatisfy(reason -> assertThat(rules).contains("`" + reason + "`"));
    }

    @Test
    void namesEveryTypAndT() {
        assertThat(RecordType.values())
                .allSatisfy(type -> assertThat(spec).contains("| `" + type.typ() + "` | `" + type.t() + "` |"));
    }

    private static String read() {
        try {
            return Files.readString(Path.of(System.getProperty("signet.root", ".."), "docs/spec/handles.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
