package im.signet.standalone.backup;

import im.signet.kit.key.KeyFiles;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A copy of a server's key files, in a file of its own. */
final class KeysFile {

    /** Where the files lie within it. */
    static final String FOLDER = "keys/";

    private KeysFile() {}

    /**
     * Writes the copy and reads it back.
     *
     * @param keys the folder of the key files
     * @return the names of the files
     * @throws Refusal when there are none, or no place for them
     */
    static List<String> write(Path keys, Path file, boolean replace) throws IOException, Refusal {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Path key : new KeyFiles(keys).files()) {
            files.put(key.getFileName().toString(), Files.readAllBytes(key));
        }
        if (files.isEmpty()) {
            throw Refusal.unavailable("There are no key files in " + keys
                    + ". Name the server's configuration with --config, and run this as the server's user.");
        }
        SealedZip.write(file, replace, zip -> {
            for (Map.Entry<String, byte[]> key : files.entrySet()) {
                put(zip, key.getKey(), key.getValue());
            }
        }, draft -> {
            Map<String, byte[]> read = read(draft);
            for (Map.Entry<String, byte[]> key : files.entrySet()) {
                if (!java.util.Arrays.equals(key.getValue(), read.get(key.getKey()))) {
                    throw Refusal.unavailable("What was written to " + file + " reads back as something else.");
                }
            }
        });
        return List.copyOf(files.keySet());
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(FOLDER + name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static Map<String, byte[]> read(Path file) throws IOException, Refusal {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = SealedZip.open(file)) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName();
                if (!name.matches("keys/[a-z][a-z-]{0,62}\\.keys")) {
                    throw Refusal.file("The file " + file + " is no copy of keys: it holds " + name + ".");
                }
                files.put(name.substring(FOLDER.length()), SealedZip.read(zip, name, file));
            }
        }
        return files;
    }

    /**
     * Lays the key files down in a folder of that name, private and synced. What lay there is deleted first: it is what an
     * earlier call left behind.
     */
    static void unpack(Path file, Path folder) throws IOException, Refusal {
        Map<String, byte[]> files = read(file);
        if (files.isEmpty()) {
            throw Refusal.file("The file " + file + " holds no keys.");
        }
        if (Files.isDirectory(folder)) {
            for (Path old : new KeyFiles(folder).files()) {
                Files.delete(old);
            }
        } else {
            Files.createDirectories(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        for (Map.Entry<String, byte[]> key : files.entrySet()) {
            Path target = Files.createFile(folder.resolve(key.getKey()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(target, key.getValue());
            try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
