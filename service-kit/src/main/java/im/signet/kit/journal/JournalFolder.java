package im.signet.kit.journal;

import im.signet.kit.file.Ownership;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a journal: one a month, {@code 2026-11.journal}, each line an entry with a checksum, only ever appended to and
 * synced. Several processes may write into one folder, also root beside the user who owns it: what root makes there is that
 * user's. Safe to use from many threads.
 */
public final class JournalFolder {

    static final String SUFFIX = ".journal";
    /** The kind of the first line of each file, which says whose journal it is. */
    static final String BEGUN = "begun";

    private static final Logger log = LoggerFactory.getLogger(JournalFolder.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int ID_BYTES = 16;

    private final Path folder;
    private final Duration keep;
    private final Clock clock;
    private final String id;

    // Guarded by this.
    private @Nullable FileChannel channel;
    private @Nullable YearMonth month;

    private JournalFolder(Path folder, Duration keep, Clock clock, String id) {
        this.folder = folder;
        this.keep = keep;
        this.clock = clock;
        this.id = id;
    }

    /** A journal that could not be written; whatever was to be ended is not. */
    public static final class Unwritable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unwritable(Path folder, IOException why) {
            super("the journal of revocations in " + folder + " cannot be written", why);
        }
    }

    /**
     * Opens the journal of a folder, which gets an id when it has none, and writes that it goes on.
     *
     * @throws UnusableSettingException when it cannot be written
     */
    public static JournalFolder open(Path folder, Duration keep, Clock clock, SecureRandom random) {
        try {
            Ownership.createFolders(folder);
            JournalFolder journal = new JournalFolder(folder, keep, clock, idOf(folder, random));
            journal.write(List.of());
            return journal;
        } catch (IOException | Unwritable failed) {
            throw new UnusableSettingException(
                    "The journal of revocations in " + folder + " cannot be written: "
                            + (failed.getCause() == null ? failed : failed.getCause()) + ".",
                    "Let this user write there, or set signet.journal.folder.");
        }
    }

    private static String idOf(Path folder, SecureRandom random) throws IOException {
        Path file = folder.resolve("journal-id");
        if (!Files.exists(file)) {
            byte[] bytes = new byte[ID_BYTES];
            random.nextBytes(bytes);
            // Of two processes that begin at once, one names the journal.
            make(file, UnpaddedBase64.encodeUrl(bytes) + "\n");
            sync(folder);
        }
        String id = Files.readString(file).strip();
        if (!id.matches("[A-Za-z0-9_-]{22}")) {
            throw new IOException(file + " is damaged");
        }
        return id;
    }

    // It has its name only when it is whole and the folder's owner's. One that is there stays as it is.
    private static void make(Path file, String text) throws IOException {
        Path draft = Files.createTempFile(file.resolveSibling(""), "journal", ".new", OWNER_FILE);
        try {
            Files.writeString(draft, text);
            Ownership.likeFolder(draft);
            sync(draft);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException _) {
            // another process was faster
        } finally {
            Files.delete(draft);
        }
    }

    /** Returns the journal's id. */
    public String id() {
        return id;
    }

    /** Appends entries, which are on disk when this returns. */
    synchronized void write(List<Revocation> entries) {
        try {
            FileChannel open = channel();
            append(open, entries);
        } catch (IOException failed) {
            close();
            log.error(
                    "The journal of revocations in {} cannot be written ({}): nothing is unbound or ended until it can."
                            + " Is the disk full?",
                    folder, failed.getClass().getSimpleName());
            throw new Unwritable(folder, failed);
        }
    }

    private FileChannel channel() throws IOException {
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        FileChannel open = channel;
        if (open != null && now.equals(month)) {
            return open;
        }
        close();
        Path file = folder.resolve(now + SUFFIX);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            make(file, "");
        }
        FileChannel opened = FileChannel.open(file, Set.of(StandardOpenOption.APPEND, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
        channel = opened;
        month = now;
        append(opened, List.of(new Revocation(clock.instant(), "journal", BEGUN, Optional.empty(), List.of(id))));
        sync(folder);
        prune();
        return opened;
    }

    // One write each time, at the end of the file whoever else writes there. An entry begins with the end of a line: should
    // the one before have been cut short by a crash, it is not taken for its beginning.
    private static void append(FileChannel channel, List<Revocation> entries) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        String text = entries.stream()
                .map(entry -> "\n" + Checksum.with(entry.line()))
                .collect(Collectors.joining());
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        int length = bytes.remaining();
        if (channel.write(bytes) != length) {
            throw new IOException("the disk took a part only");
        }
        channel.force(false);
    }

    // Files of months that no backup to be restored is as old as. Other processes delete them at the same time, and one that
    // stays is no reason to end nothing.
    private void prune() {
        YearMonth oldest = YearMonth.from(clock.instant().minus(keep).atOffset(ZoneOffset.UTC));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX) && isBefore(name.substring(0, name.length() - SUFFIX.length()), oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | UncheckedIOException failed) {
            log.warn("Files of the journal of revocations in {} that are old enough cannot be deleted: {}", folder,
                    failed.getClass().getSimpleName());
        }
    }

    private static boolean isBefore(String name, YearMonth oldest) {
        try {
            return YearMonth.parse(name).isBefore(oldest);
        } catch (DateTimeParseException _) {
            return false; // not one of ours
        }
    }

    private void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException ignored) {
                // what was acknowledged is on disk
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
