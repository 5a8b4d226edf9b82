package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The packaged server with its libraries beside it in place of in it: otherwise the same, but up with two thirds of the
 * work. For tests that start many; that {@code signet.jar} itself starts and goes on, others show.
 */
final class UnpackedServer {

    private static final Path PACKAGED = Path.of("target", "signet.jar");
    private static final long PATIENCE_SECONDS = 120;

    private UnpackedServer() {}

    /** Returns its jar, with which it starts as with {@code signet.jar}; unpacked once in a JVM, and gone with it. */
    static Path jar() {
        return Unpacked.JAR;
    }

    private static final class Unpacked {
        static final Path JAR = unpack();

        private static Path unpack() {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            try {
                Path folder = Files.createTempDirectory("signet-unpacked");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                Process unpacking = new ProcessBuilder(java, "-Djarmode=tools", "-jar", PACKAGED.toString(), "extract",
                        "--force", "--destination", folder.toString()).inheritIO().start();
                if (!unpacking.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    unpacking.destroyForcibly();
                    throw new IllegalStateException(PACKAGED + " takes too long to unpack");
                }
                if (unpacking.exitValue() != 0) {
                    throw new IllegalStateException(PACKAGED + " could not be unpacked");
                }
                return folder.resolve(PACKAGED.getFileName());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                System.err.println("could not delete " + folder + ": " + e);
            }
        }
    }
}
