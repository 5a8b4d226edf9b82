package im.signet.kit.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The key files of a server, for commands that read them and make none. */
public final class KeyFiles {

    private static final String SUFFIX = ".keys";

    private final Path folder;
    private final KeyFolder files;

    /**
     * @param folder the folder of the files, {@code keys} in a data folder
     */
    public KeyFiles(Path folder) {
        this.folder = folder;
        this.files = new KeyFolder(folder, new SecureRandom());
    }

    /**
     * Returns the keys of a purpose; empty when there is no such file.
     *
     * @throws im.signet.kit.settings.UnusableSettingException when the file is damaged
     */
    public Optional<KeyRing> read(String purpose) {
        return files.read(purpose);
    }

    /** Returns the files that there are, in the order of their names; none where the folder is missing. */
    public List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
        }
    }
}
