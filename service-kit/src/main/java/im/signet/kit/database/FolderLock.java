package im.signet.kit.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/** Holds a data folder for one process; the operating system lets go of it when that process ends in any way. */
final class FolderLock implements AutoCloseable {

    // POSIX gives a file lock up as soon as its process closes any descriptor of the file, also one that only failed to
    // lock it again. So the second attempt within a process must not even open it.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the folder.
     *
     * @throws DatabaseStartException
     *             when another server has it
     */
    static FolderLock take(Path dataDir) throws IOException {
        Path file = dataDir.toRealPath().resolve("postgres.lock");
        if (!HELD_HERE.add(file)) {
            throw taken(dataDir);
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            PrivateFiles.createFile(file);
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(dataDir);
            }
            locked = true;
            return new FolderLock(file, channel);
        } finally {
            if (!locked) {
                release(file, channel);
            }
        }
    }

    /** Lets go of the folder. The file stays: deleting it would let two processes lock two files of one name. */
    @Override
    public void close() throws IOException {
        release(file, channel);
    }

    private static void release(Path file, @Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
        HELD_HERE.remove(file);
    }

    private static DatabaseStartException taken(Path dataDir) {
        return new DatabaseStartException("Another server is running on the data folder " + dataDir + ".",
                "Stop it first, or give this one a signet.data-dir of its own.");
    }
}
