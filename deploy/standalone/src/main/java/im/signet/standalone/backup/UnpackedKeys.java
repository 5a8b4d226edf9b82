package im.signet.standalone.backup;

import im.signet.kit.key.KeyFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Key files that are looked at and then gone, in a folder that only this user may open. */
record UnpackedKeys(Path folder) implements AutoCloseable {

    static UnpackedKeys of(Path file) throws IOException, Refusal {
        UnpackedKeys unpacked = new UnpackedKeys(Files.createTempDirectory("signet-keys"));
        try {
            KeysFile.unpack(file, unpacked.folder);
            return unpacked;
        } catch (IOException | Refusal | RuntimeException failed) {
            unpacked.close();
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        for (Path key : new KeyFiles(folder).files()) {
            Files.delete(key);
        }
        Files.delete(folder);
    }
}
