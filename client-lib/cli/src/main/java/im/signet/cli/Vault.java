package im.signet.cli;

import im.signet.client.secret.Secret;
import im.signet.client.secret.SecretFile;
import im.signet.client.secret.SecretStore;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The encrypted file of what only the user may know: the session, the keys, what was looked up. Each entry is written over what
 * this process read of it and nothing else, so that two commands at once cannot undo each other.
 */
final class Vault implements AutoCloseable {

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(16 * 1024 * 1024, 8);

    private final SecretFile file;
    private final Map<String, Optional<Secret>> read = new HashMap<>();

    private Vault(SecretFile file) {
        this.file = file;
    }

    /** Returns whether there is a vault in that folder. */
    static boolean isIn(Path folder) {
        return Files.exists(file(folder));
    }

    /** Opens the vault of a folder. Wipes the passphrase. */
    static Vault open(Path folder, char[] passphrase, SecureRandom random) {
        return opened(SecretFile.open(file(folder), passphrase, random));
    }

    /** Makes a vault in a folder, which is made as well, for its owner only. Wipes the passphrase. */
    static Vault create(Path folder, char[] passphrase, SecureRandom random) {
        try {
            PrivateFiles.folder(folder);
        } catch (Ended ended) {
            Arrays.fill(passphrase, '\0');
            throw ended;
        }
        return opened(SecretFile.create(file(folder), passphrase, random));
    }

    private static Path file(Path folder) {
        return folder.resolve("secrets");
    }

    private static Vault opened(SecretFile.Opening opening) {
        return switch (opening) {
            case SecretFile.Opening.Opened(SecretFile store) -> new Vault(store);
            case SecretFile.Opening.Absent _ -> throw new Ended(Exit.FIRST, "Nothing is set up here: signet login.");
            case SecretFile.Opening.Present _ ->
                throw new Ended(Exit.NOT_NOW, "Another signet has just made that file.");
            case SecretFile.Opening.Failed(SecretStore.Failure why) -> throw failed(why);
        };
    }

    private static Ended failed(SecretStore.Failure failure) {
        return switch (failure) {
            case SecretStore.Failure.WrongPassphraseOrDamaged _ ->
                new Ended(Exit.FIRST, "The passphrase is not the right one, or the file of secrets is damaged.");
            case SecretStore.Failure.NotAStore(String reason) ->
                new Ended(Exit.FIRST, "The file of secrets is not one: " + reason + ".");
            case SecretStore.Failure.Unusable(String reason) ->
                new Ended(Exit.NOT_NOW, "The file of secrets cannot be used: " + reason + ".");
            case SecretStore.Failure.Full _ -> new Ended(Exit.NO, "The file of secrets would be too large.");
        };
    }

    /** Returns an entry; the caller wipes it. */
    Optional<byte[]> bytes(String name) {
        Optional<Secret> secret = switch (file.read(name)) {
            case SecretStore.Reading.Found(Secret found) -> Optional.of(found);
            case SecretStore.Reading.Absent _ -> Optional.empty();
            case SecretStore.Failure failure -> throw failed(failure);
        };
        forget(name);
        read.put(name, secret);
        return secret.map(Secret::reveal);
    }

    /** Puts an entry in the place of what was read of it, or takes it away. Wipes {@code bytes}. */
    void put(String name, Optional<byte[]> bytes) {
        if (!read.containsKey(name)) {
            bytes(name).ifPresent(now -> Arrays.fill(now, (byte) 0));
        }
        Optional<Secret> before = read.getOrDefault(name, Optional.empty());
        Optional<Secret> after = bytes.map(Secret::copyOf);
        bytes.ifPresent(now -> Arrays.fill(now, (byte) 0));
        switch (file.replace(name, before, after)) {
            case SecretStore.Writing.Written _ -> {
                forget(name);
                read.put(name, after);
            }
            case SecretStore.Writing.Conflict _ ->
                throw new Ended(Exit.NOT_NOW, "Another signet changed the same at this moment; look, and try again.");
            case SecretStore.Failure failure -> throw failed(failure);
        }
    }

    /** Returns an entry that is JSON. */
    Optional<JsonObject> json(String name) {
        return bytes(name).map(bytes -> {
            try {
                return StrictJson.parseObject(bytes, LIMITS)
                        .orElseThrow(
                                reason -> new Ended(Exit.FIRST, "The file of secrets has a damaged entry: " + reason));
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    void put(String name, JsonObject json) {
        put(name, Optional.of(StrictJson.write(json).getBytes(StandardCharsets.UTF_8)));
    }

    private void forget(String name) {
        Optional<Secret> known = read.remove(name);
        if (known != null) {
            known.ifPresent(Secret::wipe);
        }
    }

    @Override
    public void close() {
        read.values().forEach(secret -> secret.ifPresent(Secret::wipe));
        file.close();
    }
}
