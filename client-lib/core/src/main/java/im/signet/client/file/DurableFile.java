package im.signet.client.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that only its owner can read and that is replaced at once or not at all. What was written survives that the machine
 * stops. Of two programs or threads that change it, one waits for the other, if both do so in {@link #locked}.
 */
public final class DurableFile {
    // Locks of files are those of the whole process: its own threads have to agree among themselves.
    private static final Object IN_THIS_PROCESS = new Object();

    private final Path file;

    /** Names a file, which need not be there; its folder must. */
    public DurableFile(Path file) {
        this.file = behindLinks(file);
    }

    // Beside a link the lock would be another one, and the next write would put a file in the link's place.
    private static Path behindLinks(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException notThere) {
            return file.toAbsolutePath();
        }
    }

    /** What is done while nobody else writes. */
    public interface Act<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** Returns what {@code act} returns, which is done while nobody else writes. */
    public <T> T locked(Act<T> act) throws IOException {
        synchronized (IN_THIS_PROCESS) {
            // A file of its own: the one with the content is another one after each write.
            try (FileChannel channel = open(beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("the lock was lost");
                }
                return act.run();
            }
        }
    }

    /** Returns whether there is a file, or a link in its place. */
    public boolean isPresent() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Puts {@code bytes} in the place of what was there. Only for acts of {@link #locked}. */
    public void replace(byte[] bytes) throws IOException {
        Path next = beside(".next");
        // What a writer that was killed has left.
        Files.deleteIfExists(next);
        try (FileChannel channel = open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        forceFolder();
    }

    /** Makes the new name survive as well, where a folder can be opened. */
    private void forceFolder() {
        Path folder = file.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders, and needs not.
            return;
        }
    }

    /** Returns what is there, or no byte at all when that is more than {@code maxBytes}. Needs no lock. */
    public byte[] read(int maxBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > maxBytes) {
                return new byte[0];
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Until it is full or the file ends.
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    private static FileChannel open(Path path, StandardOpenOption first, StandardOpenOption second)
            throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(first, second);
        return FileChannel.open(path, options, ownerOnly(path));
    }

    /** Returns what keeps others from reading a new file, where that can be said. */
    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
