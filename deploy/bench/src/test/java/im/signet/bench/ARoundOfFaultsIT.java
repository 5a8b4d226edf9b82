package im.signet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** One round with the packaged server; in the end rows are deleted behind its back, and the run has to fail by that. */
class ARoundOfFaultsIT {

    private static final Path SERVER = Path.of("..", "standalone", "target", "signet.jar");
    private static final Path BENCH = Path.of("target", "signet-bench-exec.jar");

    @TempDir
    Path folder;

    @Test
    void holdsUntilSomebodyDeletesWhatWasAcknowledged() throws IOException, InterruptedException {
        Path kept = folder.resolve("kept");
        // A machine that builds is busy: how soon servers are ready is looked at elsewhere.
        Process bench = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                BENCH.toString(), "faults", "--server", SERVER.toString(), "--rounds", "1", "--seconds", "4", "--seed",
                "1", "--ready-within", "60", "--harm", "--keep", kept.toString()).redirectErrorStream(true).start();
        String printed = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bench.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(printed).containsPattern("round +1 .*\\| held\\n")
                .containsPattern("harm .* 1 receipt")
                .containsPattern("half done:\\n.*\\n +found +an acceptance of @.* without its receipt\\n")
                .contains("NOT HELD")
                .contains(kept.toString());
        assertThat(bench.exitValue()).isEqualTo(1);
        assertThat(kept.resolve("journal.jsonl")).isNotEmptyFile();
        assertThat(processesIn(kept)).as("left behind").isZero();
    }

    private static long processesIn(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
                .count() + (Files.exists(folder.resolve("database/postgres/postmaster.pid")) ? 1 : 0);
    }
}
