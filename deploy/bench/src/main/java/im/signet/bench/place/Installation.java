package im.signet.bench.place;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server with its libraries beside it in place of in it: it starts with two thirds of the work. */
final class Installation {

    private static final long PATIENCE_SECONDS = 120;

    private Installation() {}

    /** Unpacks {@code signet.jar} into a folder and returns the command that starts it from there. */
    static List<String> of(Path jar, Path folder) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process unpacking = new ProcessBuilder(java, "-Djarmode=tools", "-jar", jar.toAbsolutePath().toString(),
                "extract", "--force", "--destination", folder.toString()).inheritIO().start();
        if (!unpacking.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            unpacking.destroyForcibly();
            throw new IOException(jar + " takes too long to unpack");
        }
        Path name = jar.getFileName();
        if (unpacking.exitValue() != 0 || name == null) {
            throw new IOException(jar + " could not be unpacked");
        }
        return List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", folder.resolve(name).toString());
    }
}
