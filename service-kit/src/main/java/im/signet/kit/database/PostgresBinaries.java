package im.signet.kit.database;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;

import com.sun.security.auth.module.UnixSystem;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs of PostgreSQL, unpacked from the jar that carries them, and how to run them here.
 *
 * <p>
 * PostgreSQL refuses to run as root. There it is given a user namespace in which it is nobody, and which takes from it
 * all powers of root but the ownership of root's files; its own files stay root's and private.
 */
final class PostgresBinaries {
    private static final Logger log = LoggerFactory.getLogger(PostgresBinaries.class);

    private final Path parent;
    private final Path folder;
    private final List<String> prefix;

    private PostgresBinaries(Path parent, Path folder, List<String> prefix) {
        this.parent = parent;
        this.folder = folder;
        this.prefix = prefix;
    }

    /**
     * Returns the programs, unpacked below the parent folder in a folder named after the archive. What is there
     * is used again; an unpacking that was interrupted leaves nothing that would be taken for whole.
     *
     * @throws DatabaseStartException
     *             when there are no programs for this system, or PostgreSQL cannot be run by this user
     */
    static PostgresBinaries unpack(Path parent) throws IOException {
        List<String> prefix = prefix();
        PrivateFiles.closeFolder(parent);
        Path folder = parent.resolve(archiveName());
        if (!Files.isDirectory(folder)) {
            log.info("Unpacking PostgreSQL into {}", folder);
            Path draft = Files.createTempDirectory(parent, ".unpacking-");
            try (InputStream archive = openArchive()) {
                unpack(archive, draft);
                moveUnlessThere(draft, folder);
            } finally {
                PrivateFiles.deleteFolder(draft);
            }
        }
        return new PostgresBinaries(parent, folder, prefix);
    }

    /** Deletes other versions and abandoned unpackings beside this one. No server may be running from them. */
    void deleteOthers() throws IOException {
        try (Stream<Path> siblings = Files.list(parent)) {
            for (Path sibling : siblings.filter(sibling -> !sibling.equals(folder)).toList()) {
                PrivateFiles.deleteFolder(sibling);
            }
        }
    }

    /** Returns the version, such as `18.6`. */
    String version() throws IOException {
        String line = run("postgres", "--version").strip();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    /** Returns a builder of one program's process, with nothing of our own environment: it may hold secrets. */
    ProcessBuilder command(String program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    /**
     * Runs a program to its end and returns what it printed.
     *
     * @throws IOException
     *             when it cannot be started or fails, with the last line that it printed
     */
    String run(String program, String... arguments) throws IOException {
        Process process = command(program, arguments).start();
        try (InputStream output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(program + " failed with status " + status + ": "
                        + printed.lines().filter(line -> !line.isBlank()).reduce((first, last) -> last).orElse(""));
            }
            return printed;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(program + " was interrupted", e);
        }
    }

    // setsid: Ctrl-C in a terminal reaches the whole process group, and the database must outlive the requests that
    // we still finish then. Both programs replace themselves by the next, so the process number stays.
    private static List<String> prefix() throws IOException {
        List<String> prefix = new ArrayList<>();
        find("setsid").ifPresent(prefix::add);
        if (new UnixSystem().getUid() == 0) {
            String unshare = find("unshare").filter(PostgresBinaries::makesUserNamespaces)
                    .orElseThrow(() -> new DatabaseStartException(
                            "PostgreSQL does not run as root, and user namespaces (unshare --user) are not allowed"
                                    + " here.",
                            "Run Signet as an ordinary user, or set signet.database.url."));
            prefix.add(unshare);
            prefix.add("-U");
        }
        return List.copyOf(prefix);
    }

    private static boolean makesUserNamespaces(String unshare) {
        try {
            Process process = new ProcessBuilder(unshare, "-U", "true").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException ignored) {
            return false;
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<String> find(String program) {
        String path = System.getenv("PATH") == null ? "" : System.getenv("PATH");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), Stream.of("/usr/bin", "/bin"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static URL archive() {
        String system = System.getProperty("os.name", "").startsWith("Mac") ? "darwin" : "linux";
        String processor = switch (System.getProperty("os.arch", "")) {
            case "aarch64", "arm64" -> "arm_64";
            default -> "x86_64";
        };
        URL archive = PostgresBinaries.class.getResource("/postgres-" + system + "-" + processor + ".txz");
        if (archive == null) {
            throw new DatabaseStartException("This build carries no embedded PostgreSQL for " + system + " on "
                    + System.getProperty("os.arch") + ".", "Set signet.database.url to a PostgreSQL of yours.");
        }
        return archive;
    }

    private static InputStream openArchive() throws IOException {
        return new BufferedInputStream(archive().openStream());
    }

    /**
     * Returns what tells the archive from those of other versions. In a jar that is its size and checksum in the jar's table:
     * to read all of it took a twentieth of a start. Of a jar within a jar the table is not told, and all of it is read.
     */
    private static String archiveName() throws IOException {
        URLConnection connection = archive().openConnection();
        if (connection instanceof JarURLConnection jar) {
            // Cached, this would be the jar that the class loader reads, which closing closes for all.
            jar.setUseCaches(false);
            try (JarFile file = jar.getJarFile()) {
                ZipEntry entry = file.getEntry(jar.getEntryName());
                if (entry.getSize() >= 0 && entry.getCrc() >= 0) {
                    return "%x-%08x".formatted(entry.getSize(), entry.getCrc());
                }
            }
        }
        CRC32 checksum = new CRC32();
        try (InputStream archive = new CheckedInputStream(openArchive(), checksum)) {
            return "%x-%08x".formatted(archive.transferTo(OutputStream.nullOutputStream()), checksum.getValue());
        }
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive of PostgreSQL names a file outside of itself");
                }
                if (entry.isDirectory()) {
                    PrivateFiles.createFolder(path);
                } else if (entry.isSymbolicLink()) {
                    PrivateFiles.createFolder(parentOf(path));
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    PrivateFiles.createFolder(parentOf(path));
                    writeDurably(tar, path, (entry.getMode() & 0100) != 0);
                }
            }
        }
    }

    private static Path parentOf(Path path) {
        return path.resolveSibling("");
    }

    // Forced to disk, or a machine crash soon after could leave empty files behind a name that says they are whole.
    private static void writeDurably(InputStream content, Path file, boolean executable) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.transferTo(Channels.newOutputStream(channel));
            channel.force(true);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
    }

    // Another process may have unpacked the same archive meanwhile; both are equal.
    private static void moveUnlessThere(Path draft, Path folder) throws IOException {
        try {
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }
}
