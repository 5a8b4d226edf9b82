package im.signet.kit.key;

import im.signet.kit.file.Ownership;
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
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The folder of key files, {@code <data-dir>/keys}: one file a purpose, one key a line, {@code <id> <32 bytes in unpadded
 * base64>}, the last line in use; lines that begin with {@code #} are comments. A line that ends in {@code next} holds a key
 * that is known and not in use yet: what other servers make with it can be read. Folder and files are for the server's user
 * only.
 */
final class KeyFolder {

    private static final int KEY_BYTES = 32;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9:_-]{1,64}) +([A-Za-z0-9+/]{43}=?)( +next)?");

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
        List<KeyRing.Key> next = new ArrayList<>();
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
                (isNext(line) ? next : keys).add(key);
            }
        } catch (IOException unreadable) {
            throw unusable(file, "it cannot be read by the server's user");
        }
        if (keys.isEmpty()) {
            throw unusable(file, next.isEmpty() ? "it holds no key" : "every key of it is only 'next'");
        }
        next.addAll(keys);
        return Optional.of(new KeyRing(purpose, next));
    }

    /** Returns the ids of the keys that are known and not in use yet, as the file has them. */
    Set<String> next(String purpose) {
        return lines(purpose).stream()
                .filter(KeyFolder::isNext)
                .map(KeyFolder::idIn)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isNext(String line) {
        return isKey(line) && line.strip().endsWith(" next");
    }

    private static boolean isKey(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    private static String idIn(String line) {
        return line.strip().split(" ", 2)[0];
    }

    private List<String> lines(String purpose) {
        try {
            return Files.readAllLines(fileOf(purpose));
        } catch (IOException unreadable) {
            throw unusable(fileOf(purpose), "it cannot be read by the server's user");
        }
    }

    /**
     * Returns a fresh key that is not in the file of a purpose, which is there and can be read.
     *
     * @param idPrefix begins the key's id, which goes on with six random characters
     */
    KeyRing.Key fresh(String purpose, String idPrefix) {
        KeyRing ring = read(purpose).orElseThrow();
        KeyRing.Key key = newKey(idPrefix);
        while (ring.byId(key.id()).isPresent()) {
            key = newKey(idPrefix);
        }
        return key;
    }

    /**
     * Adds a key to the file of a purpose.
     *
     * @param next whether it is to be known only; else it is in use from the next start on
     */
    void add(String purpose, KeyRing.Key key, boolean next) {
        List<String> lines = new ArrayList<>(lines(purpose));
        lines.add(line(key) + (next ? " next" : ""));
        rewrite(purpose, lines);
    }

    /** Puts a key that the file of a purpose has into use, from the next start on. */
    void use(String purpose, String id) {
        List<String> lines = new ArrayList<>(lines(purpose));
        int at = IntStream.range(0, lines.size())
                .filter(i -> isKey(lines.get(i)) && idIn(lines.get(i)).equals(id))
                .findFirst()
                .orElseThrow();
        lines.add(lines.remove(at).strip().replaceFirst(" +next\\z", ""));
        rewrite(purpose, lines);
    }

    /** Writes a file anew, all or nothing, for the same owner and with the same mode. */
    private void rewrite(String purpose, List<String> lines) {
        Path file = fileOf(purpose);
        try {
            PosixFileAttributes before = Files.readAttributes(file, PosixFileAttributes.class);
            Path temporary = Files.createTempFile(folder, purpose, ".new", PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
            try {
                Files.write(temporary, lines);
                PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
                Ownership.like(before, temporary);
                view.setPermissions(before.permissions());
                sync(temporary, StandardOpenOption.WRITE);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(folder, StandardOpenOption.READ);
        } catch (IOException failed) {
            throw new UncheckedIOException("could not write " + file, failed);
        }
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private KeyRing.Key newKey(String idPrefix) {
        byte[] id = new byte[5];
        random.nextBytes(id);
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        String suffix = UnpaddedBase64.encodeUrl(id).replaceAll("[^A-Za-z0-9]", "x").substring(0, 6);
        return new KeyRing.Key(idPrefix + suffix, secret);
    }

    private static String line(KeyRing.Key key) {
        return key.id() + " " + UnpaddedBase64.encode(key.bytes());
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
     * Makes the first key of a purpose and writes its file, all or nothing and never over an existing one. Made by root, it is
     * of the folder's owner.
     *
     * @param idPrefix begins the key's id, which goes on with six random characters
     */
    KeyRing create(String purpose, String idPrefix) {
        KeyRing.Key key = newKey(idPrefix);
        try {
            Ownership.createFolders(folder);
            Path temporary = Files.createTempFile(folder, purpose, ".new", PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
            String text = "# Keys of the purpose '" + purpose
                    + "': the last line is in use, all are needed. Keep a copy.\n"
                    + line(key) + "\n";
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            Ownership.likeFolder(temporary);
            sync(temporary, StandardOpenOption.WRITE);
            if (Files.exists(fileOf(purpose))) {
                throw new FileAlreadyExistsException(fileOf(purpose).toString());
            }
            Files.move(temporary, fileOf(purpose), StandardCopyOption.ATOMIC_MOVE);
            sync(folder, StandardOpenOption.READ);
        } catch (IOException failed) {
            throw new UncheckedIOException("could not write " + fileOf(purpose), failed);
        }
        return new KeyRing(purpose, List.of(key));
    }
}
