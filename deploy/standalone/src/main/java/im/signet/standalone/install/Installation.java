package im.signet.standalone.install;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server laid out in a folder:
 *
 * <pre>
 * bin/signet            starts what is current
 * current               a link to one of
 * releases/NNNN-HASH/   what one signet.jar holds: a number that counts up, and the beginning of the jar's SHA-256
 *     bin/signet        the start script
 *     server/           signet.jar without its libraries, and lib/ with them
 *     signet.aot        what the Java runtime loads in place of starting from nothing
 *     .unfinished       while it is made or deleted; what a killed command left so, the next one deletes
 * releases/lock         held by the one command that installs
 * </pre>
 */
public final class Installation {

    private static final Pattern RELEASE = Pattern.compile("\\d{4,9}-[0-9a-f]+");
    private static final String CURRENT = "current";
    private static final String DRAFT = ".new";
    private static final String UNFINISHED = ".unfinished"; // deleted last, as the first by name
    private static final long PATIENCE_SECONDS = 300;

    private final Path folder;
    private final Path release;
    private final Optional<String> trouble;

    private Installation(Path folder, Path release, Optional<String> trouble) {
        this.folder = folder;
        this.release = release;
        this.trouble = trouble;
    }

    /**
     * Makes it. Kept are the release that was current, as what can be gone back to, and those that processes run from, as far
     * as this user sees them; all others are deleted. When it fails, all is as it was.
     *
     * @param jar    {@code signet.jar}
     * @param folder does not exist, is empty, or holds an installation
     * @param start  how it will be started
     * @throws NotInstalledException when the folder is somebody else's, another command installs there, or the jar cannot be
     *                               unpacked
     * @throws IOException           when the folder cannot be written
     */
    public static Installation of(Path jar, Path folder, StartFlags start)
            throws IOException, NotInstalledException {
        Path home = Files.createDirectories(folder.toAbsolutePath().normalize()).toRealPath();
        if (!isOursOrEmpty(home)) {
            throw new NotInstalledException("the folder " + home + " holds something else; name an empty or a new one");
        }
        Path releases = Files.createDirectories(home.resolve("releases"));
        try (FileChannel channel = FileChannel.open(releases.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock _ = locked(channel, home)) {
            return next(jar, home, releases, start);
        }
    }

    private static FileLock locked(FileChannel channel, Path home) throws IOException, NotInstalledException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // by this process: the same refusal
        }
        if (lock == null) {
            throw new NotInstalledException("another command installs into " + home + " at this moment");
        }
        return lock;
    }

    private static Installation next(Path jar, Path home, Path releases, StartFlags start)
            throws IOException, NotInstalledException {
        Optional<Path> current = current(home);
        List<Path> before = list(releases);
        for (Path left : before) {
            if (!isWhole(left) && !current.equals(Optional.of(left))) {
                delete(left);
            }
        }
        Path release = releases
                .resolve("%04d-%s".formatted(before.isEmpty() ? 1 : numberOf(before.getLast()) + 1, hashOf(jar)));
        Optional<String> trouble;
        try {
            Files.createFile(Files.createDirectory(release).resolve(UNFINISHED));
            unpack(jar, release.resolve("server"));
            writeScript(release.resolve("bin").resolve("signet"), start);
            trouble = Training.of(release, start);
            Files.delete(release.resolve(UNFINISHED));
            pointAt(home, release);
        } catch (IOException | NotInstalledException | RuntimeException failed) {
            discard(home, release, failed);
            throw failed;
        }
        Set<String> running = arguments();
        for (Path old : before) {
            if (!current.equals(Optional.of(old))
                    && running.stream().noneMatch(argument -> argument.contains(old + File.separator))) {
                delete(old);
            }
        }
        return new Installation(home, release, trouble);
    }

    /** Returns the release that servers start from; empty when there is none. */
    private static Optional<Path> current(Path home) throws IOException {
        Path link = home.resolve(CURRENT);
        return Files.exists(link) ? Optional.of(link.toRealPath()) : Optional.empty();
    }

    private static boolean isWhole(Path release) {
        return Files.exists(release.resolve("bin").resolve("signet")) && Files.notExists(release.resolve(UNFINISHED));
    }

    private static void discard(Path home, Path release, Exception why) {
        try {
            if (!current(home).equals(Optional.of(release))) {
                delete(release);
            }
        } catch (IOException | RuntimeException left) {
            why.addSuppressed(left); // the next installation deletes it
        }
    }

    /** Returns what the processes that this user sees were started with. */
    private static Set<String> arguments() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().arguments().stream().flatMap(Stream::of))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the script that starts it, with the commands of the jar. */
    public Path script() {
        return folder.resolve("bin").resolve("signet");
    }

    /** Returns the jar, which has its libraries beside it. */
    public Path jar() {
        return release.resolve("server").resolve("signet.jar");
    }

    /** Returns whether the start is prepared; else it starts all the same, and slower. */
    boolean isPrepared() {
        return trouble.isEmpty();
    }

    /** Returns why the start is not prepared. */
    String trouble() {
        return trouble.orElse("nothing");
    }

    private static boolean isOursOrEmpty(Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .allMatch(List.of("bin", CURRENT, CURRENT + DRAFT, "releases")::contains);
        }
    }

    private static String hashOf(Path jar) throws IOException {
        try (DigestInputStream bytes = new DigestInputStream(Files.newInputStream(jar),
                MessageDigest.getInstance("SHA-256"))) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(bytes.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void unpack(Path jar, Path target) throws IOException, NotInstalledException {
        Process unpacking = new ProcessBuilder(java(), "-Djarmode=tools", "-jar", jar.toString(), "extract",
                "--destination", target.toString()).redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        try (InputStream said = unpacking.getInputStream()) {
            String output = new String(said.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!unpacking.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || unpacking.exitValue() != 0) {
                throw new NotInstalledException(jar + " cannot be unpacked: " + output);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NotInstalledException("interrupted");
        } finally {
            unpacking.destroyForcibly();
        }
        Path unpacked = target.resolve(String.valueOf(jar.getFileName()));
        if (!unpacked.endsWith("signet.jar")) {
            Files.move(unpacked, target.resolve("signet.jar"));
        }
    }

    private static void writeScript(Path script, StartFlags start) throws IOException {
        Files.createDirectories(script.resolveSibling(""));
        Files.writeString(script, """
                #!/bin/sh
                # Starts Signet, as `signet install` laid it out here. What SIGNET_JAVA_OPTIONS holds goes to the Java runtime.
                set -eu
                release=$(dirname "$(dirname "$(readlink -f "$0")")")
                java='%s'
                [ -x "$java" ] || java=java
                if [ -f "$release/signet.aot" ]; then
                    set -- -XX:AOTCache="$release/signet.aot" -jar "$release/server/signet.jar" "$@"
                else
                    set -- -jar "$release/server/signet.jar" "$@"
                fi
                exec "$java" %s ${SIGNET_JAVA_OPTIONS:-} "$@"
                """.formatted(java().replace("'", "'\\''"), String.join(" ", start.all())));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    // A link is replaced in one step, so that whoever starts meanwhile starts the one or the other.
    private static void pointAt(Path home, Path release) throws IOException {
        link(home.resolve(CURRENT), home.relativize(release));
        Files.createDirectories(home.resolve("bin"));
        link(home.resolve("bin").resolve("signet"), Path.of("..", CURRENT, "bin", "signet"));
    }

    private static void link(Path link, Path target) throws IOException {
        Path draft = link.resolveSibling(link.getFileName() + DRAFT);
        Files.deleteIfExists(draft);
        Files.createSymbolicLink(draft, target);
        Files.move(draft, link, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> list(Path releases) throws IOException {
        try (Stream<Path> entries = Files.list(releases)) {
            return entries.filter(entry -> RELEASE.matcher(String.valueOf(entry.getFileName())).matches())
                    .sorted(Comparator.comparingInt(Installation::numberOf))
                    .toList();
        }
    }

    private static int numberOf(Path release) {
        String name = String.valueOf(release.getFileName());
        return Integer.parseInt(name.substring(0, name.indexOf('-')));
    }

    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try {
            // Should this be killed, what is left is known as that.
            Files.createFile(folder.resolve(UNFINISHED));
        } catch (FileAlreadyExistsException _) {
            // it is already
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryNotEmptyException written) {
            throw new IOException("somebody writes into " + folder, written);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
