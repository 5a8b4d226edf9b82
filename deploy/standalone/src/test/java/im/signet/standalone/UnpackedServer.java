package im.signet.standalone;

import im.signet.standalone.install.Installation;
import im.signet.standalone.install.NotInstalledException;
import im.signet.standalone.install.StartFlags;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The packaged server as {@code install} lays it out: otherwise the same, but up with half of the
 * work. For tests that start many; that {@code signet.jar} itself starts and goes on, others show.
 */
final class UnpackedServer {

    private static final Path PACKAGED = Path.of("target", "signet.jar");

    private UnpackedServer() {}

    /** Returns its jar, with which it starts as with {@code signet.jar}; unpacked once in a JVM, and gone with it. */
    static Path jar() {
        return Unpacked.JAR;
    }

    private static final class Unpacked {
        static final Path JAR = unpack();

        private static Path unpack() {
            try {
                Path folder = Files.createTempDirectory("signet-unpacked");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                // The flags of ServerProcess.
                return Installation.of(PACKAGED, folder,
                        new StartFlags(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"))).jar();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NotInstalledException e) {
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
