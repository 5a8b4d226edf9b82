package im.signet.kit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PostmasterFileTest {

    @TempDir
    Path folder;

    @Test
    void knowsTheNameOfAProcessThatShowsNoProgram() throws IOException {
        Files.writeString(folder.resolve("comm"), "postgres\n");
        assertThat(PostmasterFile.name(folder)).contains("postgres");
        assertThat(PostmasterFile.name(folder.resolve("none"))).isEmpty();
    }

    @Test
    void isNoPostgresWhereTheNumberIsAnothers() throws IOException {
        long pid = ProcessHandle.current().pid();
        Files.writeString(PostmasterFile.in(folder), pid + "\n" + folder + "\n0\n5432\n\n\n\nready\n");
        PostmasterFile file = PostmasterFile.read(folder).orElseThrow();
        assertThat(file.ready()).isTrue();
        assertThat(file.process(folder)).isEmpty();
    }
}
