package im.signet.standalone.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A zip file whose comment ends with the SHA-256 of every byte before: no byte of it can change unseen, and any program for
 * zip files opens it. It finds damage, not forgery. Only its owner may read it (mode 0600).
 */
final class SealedZip {

    private static final String COMMENT = "Signet. SHA-256 of all before this: ";
    private static final int HEX = 64;
    private static final String DRAFT = ".part";
    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private SealedZip() {}

    /** Writes the entries. */
    interface Content {
        void write(ZipOutputStream zip) throws IOException, Refusal;
    }

    /** Looks at what was written, before it gets its name. */
    interface Check {
        void look(Path written) throws IOException, Refusal;
    }

    /**
     * Writes a file so that, whatever happens, its name stands for a whole one or for what it stood for before; also when
     * others write to the same name. A command that is killed leaves {@code FILE.NUMBER.part}, until one writes to that name
     * that comes a day later.
     *
     * @param replace whether a file of that name may go
     * @param check   reads back what was written
     */
    static void write(Path file, boolean replace, Content content, Check check) throws IOException, Refusal {
        Path target = file.toAbsolutePath().normalize();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw Refusal.call("There is no folder " + folder + " to write " + target.getFileName() + " to.");
        }
        if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target);
        }
        // Of its own, so that two commands that write to one name at once do not write into one another's.
        Path draft = Files.createTempFile(folder, target.getFileName() + ".", DRAFT,
                PosixFilePermissions.asFileAttribute(OWNER));
        try {
            deleteAbandoned(target, draft);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
                fill(channel, content);
            }
            check.look(draft);
            put(draft, target, replace);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    private static void fill(FileChannel channel, Content content) throws IOException, Refusal {
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(notClosing(channel), 1 << 16),
                StandardCharsets.UTF_8);
        zip.setComment(COMMENT + "0".repeat(HEX));
        content.write(zip);
        zip.finish();
        zip.flush();
        String digest = digestOfAllBut(channel, HEX);
        ByteBuffer bytes = ByteBuffer.wrap(digest.getBytes(StandardCharsets.US_ASCII));
        long at = channel.size() - HEX;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(true);
    }

    private static OutputStream notClosing(FileChannel channel) {
        return Channels.newOutputStream(channel);
    }

    /** Deletes what commands left behind that were killed: drafts of that name that nobody wrote to for a day. */
    private static void deleteAbandoned(Path target, Path draft) throws IOException {
        Pattern drafts = Pattern.compile(Pattern.quote(target.getFileName().toString()) + "(\\.\\d+)?"
                + Pattern.quote(DRAFT));
        Instant latest = Files.getLastModifiedTime(draft).toInstant().minus(ABANDONED);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(draft.resolveSibling(""),
                other -> drafts.matcher(other.getFileName().toString()).matches())) {
            for (Path other : others) {
                if (Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(other).toInstant().isBefore(latest)) {
                    Files.deleteIfExists(other);
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    // A link fails where the name is taken, also since it was looked at; a move would replace.
    private static void put(Path draft, Path target, boolean replace) throws IOException, Refusal {
        if (replace) {
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            Files.createLink(target, draft);
        } catch (FileAlreadyExistsException _) {
            throw exists(target);
        } catch (UnsupportedOperationException | IOException _) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw exists(target);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Refusal exists(Path target) {
        return Refusal.call("The file " + target + " exists. Choose another name, or add --overwrite.");
    }

    /**
     * Opens a file that is whole.
     *
     * @throws Refusal when it is none of ours, or a byte of it is not as it was written
     */
    static ZipFile open(Path file) throws IOException, Refusal {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < COMMENT.length() + HEX || !COMMENT.equals(text(channel, COMMENT.length(), HEX))) {
                throw Refusal
                        .file("The file " + file + " was not written by Signet, or its end is missing or damaged.");
            }
            if (!digestOfAllBut(channel, HEX).equals(text(channel, HEX, 0))) {
                throw Refusal.file("The file " + file + " is damaged: it is not as it was written. Use another copy.");
            }
        } catch (NoSuchFileException _) {
            throw Refusal.call("There is no file " + file + ".");
        }
        try {
            return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException unreadable) {
            throw Refusal.file("The file " + file + " is damaged: " + unreadable.getMessage() + ".");
        }
    }

    private static String text(FileChannel channel, int length, int beforeTheEnd) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        long start = channel.size() - beforeTheEnd - length;
        while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
            // until it is full
        }
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }

    private static String digestOfAllBut(FileChannel channel, int end) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        long rest = channel.size() - end;
        long at = 0;
        while (rest > 0) {
            bytes.clear().limit((int) Math.min(bytes.capacity(), rest));
            int read = channel.read(bytes, at);
            if (read < 0) {
                break;
            }
            digest.update(bytes.flip());
            at += read;
            rest -= read;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns a new SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the bytes of an entry. */
    static byte[] read(ZipFile zip, String entry, Path file) throws IOException, Refusal {
        try (InputStream in = stream(zip, entry, file)) {
            return in.readAllBytes();
        }
    }

    /** Opens an entry. */
    static InputStream stream(ZipFile zip, String entry, Path file) throws IOException, Refusal {
        var found = zip.getEntry(entry);
        if (found == null) {
            throw Refusal.file("The file " + file + " holds no " + entry + ".");
        }
        return zip.getInputStream(found);
    }
}
