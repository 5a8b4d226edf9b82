package im.signet.bench.place;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server laid out in a folder as operators lay it out, so that it starts as soon as theirs. */
final class Installation {

    private static final long PATIENCE_SECONDS = 300;

    private Installation() {}

    /** Lays {@code signet.jar} out in a folder and returns the command that starts it from there. */
    static List<String> of(Path jar, Path folder) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path script = folder.resolve("bin").resolve("signet");
        if (run(java, "-jar", jar.toAbsolutePath().toString(), "install", folder.toString())
                && Files.isExecutable(script)) {
            return List.of(script.toString());
        }
        // A server of before there was `install`.
        Path name = jar.getFileName();
        if (name == null || !run(java, "-Djarmode=tools", "-jar", jar.toAbsolutePath().toString(), "extract", "--force",
                "--destination", folder.toString())) {
            throw new IOException(jar + " cannot be unpacked");
        }
        return List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", folder.resolve(name).toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }
}
