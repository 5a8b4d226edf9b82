package im.signet.kit.key;

import im.signet.kit.settings.UnusableSettingException;
import im.signet.protocol.Parsed;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The folder of key files, {@code <data-dir>/keys}: one file a purpose, one key a line, {@code <id> <32 bytes in unpadded
 * base64>}, the last line in use; lines that begin with {@code #} are comments. Folder and files are for the server's user
 * only.
 */
final class KeyFolder {

    private static final int KEY_BYTES = 32;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9:_-]{1,64}) +([A-Za-z0-9+/]{43}=?)");

    private final Path folder;
    private final SecureRandom random;

    KeyFolder(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    Path fileOf(String purpose) {
        return folder.resolve(purpose + ".keys");
    }

    /** Returns the keys of a purpose; empty when there is no such file. Refuses a file it cannot read entirely. */
    Optional<KeyRing> read(String purpose) {
        Path file = fileOf(purpose);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<KeyRing.Key> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                KeyRing.Key key = parse(line.strip(), file, number);
                if (!ids.add(key.id())) {
                    throw unusable(file, "line " + number + " has the id of a line before it");
                }
                keys.add(key);
            }
        } catch (IOException unreadable) {
            throw unusable(file, "it cannot be read by the server's user");
        }
        if (keys.isEmpty()) {
            throw unusable(file, "it holds no key");
        }
        return Optional.of(new KeyRing(purpose, keys));
    }

    private static KeyRing.Key parse(String line, Path file, int number) {
        var match = LINE.matcher(line);
        if (match.matches() && UnpaddedBase64.decode(match.group(2)) instanceof Parsed.Ok<byte[]>(byte[] bytes)
                && bytes.length == KEY_BYTES) {
            return new KeyRing.Key(match.group(1), bytes);
        }
        throw unusable(file, "line " + number + " is not '<id> <32 bytes in base64>'");
    }

    private static UnusableSettingException unusable(Path file, String why) {
        return new UnusableSettingException("The key file " + file + " is not usable: " + why + ".",
                "Restore the file from a backup; never make a new one for keys that are in use.");
    }

    /**
     * Makes the first key of a purpose and writes its file, all or nothing and never over an existing one.
     *
     * @param idPrefix begins the key's id, which goes on with six random characters
     */
    KeyRing create(String purpose, String idPrefix) {
        byte[] id = new byte[5];
        random.nextBytes(id);
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        String suffix = UnpaddedBase64.encodeUrl(id).replaceAll("[^A-Za-z0-9]", "x").substring(0, 6);
        KeyRing.Key key = new KeyRing.Key(idPrefix + suffix, secret);
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
            Path temporary = Files.createTempFile(folder, purpose, ".new", PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
            String text = "# Keys of the purpose '" + purpose
                    + "': the last line is in use, all are needed. Keep a copy.\n"
                    + key.id() + " " + UnpaddedBase64.encode(secret) + "\n";
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            if (Files.exists(fileOf(purpose))) {
                throw new FileAlreadyExistsException(fileOf(purpose).toString());
            }
            Files.move(temporary, fileOf(purpose), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("could not write " + fileOf(purpose), failed);
        }
        return new KeyRing(purpose, List.of(key));
    }
}
