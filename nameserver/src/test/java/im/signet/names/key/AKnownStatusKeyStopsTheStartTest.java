package im.signet.names.key;

import im.signet.kit.settings.UnusableSettingException;
import im.signet.names.NamesScene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** CVE-2026-24044: a key that everybody knows signs no status. */
class AKnownStatusKeyStopsTheStartTest {

    private static final String SPECIFICATIONS = "s1 YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA0\n";

    private final NamesScene scene = new NamesScene();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void untilItIsTakenOut() throws IOException {
        Path file = Files.createDirectories(folder.resolve("keys")).resolve("status-signing.keys");
        Files.writeString(file, SPECIFICATIONS);
        assertThatThrownBy(() -> scene.start("signet.data-dir=" + folder)).rootCause()
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("s1");
        Files.delete(file);
        scene.start("signet.data-dir=" + folder).get("/.well-known/signet").is(200);
    }
}
