package im.signet.client.book;

import im.signet.client.file.DurableFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A contact book in one file, which only its owner can read. A write replaces the file at once or not at all, and of two
 * programs that write, one waits for the other and is told that it has to read again. It is not encrypted.
 */
public final class FileContactStore implements ContactStore {
    private final DurableFile file;

    private FileContactStore(DurableFile file) {
        this.file = file;
    }

    /** Returns the store in {@code file}, which need not be there; its folder must. */
    public static FileContactStore at(Path file) {
        return new FileContactStore(new DurableFile(file));
    }

    @Override
    public Reading read() {
        try {
            // The file is replaced as a whole, so a reader sees the one or the other and need not wait.
            return file.isPresent()
                    ? new Reading.Found(Content.copyOf(file.read(ContactBookFormat.MAX_BYTES)))
                    : new Reading.Absent();
        } catch (IOException e) {
            return new Failure(e.getClass().getSimpleName());
        }
    }

    @Override
    public Writing replace(Optional<Content> before, Content after) {
        try {
            return file.locked(() -> {
                Reading present = read();
                if (present instanceof Failure failure) {
                    return failure;
                }
                Optional<Content> content = present instanceof Reading.Found found
                        ? Optional.of(found.content())
                        : Optional.empty();
                if (!content.equals(before)) {
                    return new Writing.Conflict();
                }
                file.replace(after.toBytes());
                return new Writing.Written();
            });
        } catch (IOException e) {
            return new Failure(e.getClass().getSimpleName());
        }
    }

    @Override
    public String toString() {
        return "FileContactStore[" + file + "]";
    }
}
