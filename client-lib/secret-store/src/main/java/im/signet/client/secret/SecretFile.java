package im.signet.client.secret;

import im.signet.client.file.DurableFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Secrets in one file, which a passphrase opens: Argon2id makes the key, AES-256-GCM encrypts all entries together, under a
 * new nonce each time. A write replaces the file at once or not at all, and of two programs that write, one waits for the
 * other. What stands on the disk may be read back from older copies that the file system keeps; {@link #close} wipes the key in
 * memory, not there. Safe for use by several threads.
 */
public final class SecretFile implements SecretStore, AutoCloseable {
    private static final int MAX_NAME = 200;

    private final DurableFile file;
    private final SecretFileFormat.KeyMaking making;
    private final byte[] key;
    private final SecureRandom random;
    private final Object closing = new Object();
    private boolean closed;

    private SecretFile(DurableFile file, SecretFileFormat.KeyMaking making, byte[] key, SecureRandom random) {
        this.file = file;
        this.making = making;
        this.key = key;
        this.random = random;
    }

    /** What came of opening a file. */
    public sealed interface Opening {
        /**
         * It is open.
         *
         * @param store the store; close it
         */
        record Opened(SecretFile store) implements Opening {}

        /** There is no file: {@link SecretFile#create} makes one. */
        record Absent() implements Opening {}

        /** There is a file already; only {@link SecretFile#create} comes to this. */
        record Present() implements Opening {}

        /**
         * It cannot be opened.
         *
         * @param why why not
         */
        record Failed(Failure why) implements Opening {}
    }

    /** Returns a new store without secrets, at the cost that RFC 9106 recommends where memory is short. Wipes {@code passphrase}. */
    public static Opening create(Path file, char[] passphrase, SecureRandom random) {
        return create(file, passphrase, Argon2id.RECOMMENDED, random);
    }

    /** Returns a new store without secrets; its folder must exist. Wipes {@code passphrase}. */
    public static Opening create(Path file, char[] passphrase, Argon2id cost, SecureRandom random) {
        byte[] salt = new byte[SecretFileFormat.SALT_BYTES];
        random.nextBytes(salt);
        SecretFileFormat.KeyMaking making = new SecretFileFormat.KeyMaking(cost, salt);
        SecretFile store = new SecretFile(new DurableFile(file), making, keyOf(making, passphrase), random);
        try {
            return store.locked(() -> {
                if (store.file.isPresent()) {
                    store.close();
                    return new Opening.Present();
                }
                store.write(new TreeMap<>());
                return new Opening.Opened(store);
            });
        } catch (IOException e) {
            store.close();
            return new Opening.Failed(unusable(e));
        }
    }

    /** Returns the store in {@code file}. Wipes {@code passphrase}. */
    public static Opening open(Path file, char[] passphrase, SecureRandom random) {
        try {
            if (!Files.exists(file)) {
                return new Opening.Absent();
            }
            DurableFile durable = new DurableFile(file);
            byte[] bytes = durable.read(SecretFileFormat.MAX_BYTES);
            Optional<SecretFileFormat.KeyMaking> making = SecretFileFormat.keyMaking(bytes);
            if (!making.isPresent()) {
                return new Opening.Failed(notAStore());
            }
            SecretFile store = new SecretFile(durable, making.get(), keyOf(making.get(), passphrase), random);
            Optional<Map<String, Secret>> entries = SecretFileFormat.decrypt(bytes, store.key);
            if (!entries.isPresent()) {
                store.close();
                return new Opening.Failed(new Failure.WrongPassphraseOrDamaged());
            }
            wipe(entries.get());
            return new Opening.Opened(store);
        } catch (IOException e) {
            return new Opening.Failed(unusable(e));
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static byte[] keyOf(SecretFileFormat.KeyMaking making, char[] passphrase) {
        try {
            return making.keyOf(passphrase);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    @Override
    public Reading read(String name) {
        try {
            // The file is replaced as a whole, so a reader sees the one or the other and need not wait.
            Entries entries = entries();
            if (entries.fault().isPresent()) {
                return entries.fault().get();
            }
            Optional<Secret> found = Optional.ofNullable(entries.all().remove(name));
            wipe(entries.all());
            return found.isPresent() ? new Reading.Found(found.get()) : new Reading.Absent();
        } catch (IOException e) {
            return unusable(e);
        }
    }

    @Override
    public Listing names() {
        try {
            Entries entries = entries();
            if (entries.fault().isPresent()) {
                return entries.fault().get();
            }
            wipe(entries.all());
            return new Listing.Names(entries.all().keySet());
        } catch (IOException e) {
            return unusable(e);
        }
    }

    @Override
    public Writing replace(String name, Optional<Secret> before, Optional<Secret> after) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("the name of a secret has 1 to " + MAX_NAME + " characters");
        }
        try {
            return locked(() -> {
                Entries entries = entries();
                if (entries.fault().isPresent()) {
                    return entries.fault().get();
                }
                Map<String, Secret> all = entries.all();
                Optional<Secret> present = Optional.ofNullable(all.get(name));
                if (!present.equals(before)) {
                    all.remove(name);
                    wipe(all);
                    return new Writing.Conflict(present);
                }
                present.ifPresent(Secret::wipe);
                all.remove(name);
                after.ifPresent(secret -> all.put(name, copy(secret)));
                boolean fits = write(all);
                wipe(all);
                return fits ? new Writing.Written() : new Failure.Full();
            });
        } catch (IOException e) {
            return unusable(e);
        }
    }

    /**
     * Returns the same store under another passphrase, with a new key; this one cannot be used any more, nor can what other
     * programs have opened. Older copies of the file still open by the old passphrase. Wipes {@code passphrase}.
     */
    public Opening change(char[] passphrase, Argon2id cost) {
        byte[] salt = new byte[SecretFileFormat.SALT_BYTES];
        random.nextBytes(salt);
        SecretFileFormat.KeyMaking next = new SecretFileFormat.KeyMaking(cost, salt);
        SecretFile changed = new SecretFile(file, next, keyOf(next, passphrase), random);
        try {
            return locked(() -> {
                Entries entries = entries();
                if (entries.fault().isPresent()) {
                    changed.close();
                    return new Opening.Failed(entries.fault().get());
                }
                changed.write(entries.all());
                wipe(entries.all());
                close();
                return new Opening.Opened(changed);
            });
        } catch (IOException e) {
            changed.close();
            return new Opening.Failed(unusable(e));
        }
    }

    /** Wipes the key; the store cannot be used any more. */
    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            Arrays.fill(key, (byte) 0);
        }
    }

    private record Entries(Map<String, Secret> all, Optional<Failure> fault) {}

    private Entries entries() throws IOException {
        byte[] bytes = file.read(SecretFileFormat.MAX_BYTES);
        Optional<SecretFileFormat.KeyMaking> present = SecretFileFormat.keyMaking(bytes);
        if (!present.isPresent()) {
            return new Entries(Map.of(), Optional.of(notAStore()));
        }
        Optional<Map<String, Secret>> entries;
        synchronized (closing) {
            requireOpen();
            entries = SecretFileFormat.decrypt(bytes, key);
        }
        return entries.isPresent()
                ? new Entries(entries.get(), Optional.empty())
                : new Entries(Map.of(), Optional.of(new Failure.WrongPassphraseOrDamaged()));
    }

    private <T> T locked(DurableFile.Act<T> act) throws IOException {
        return file.locked(() -> {
            // Until it is done: what is encrypted while the key is wiped would be encrypted with nothing.
            synchronized (closing) {
                requireOpen();
                return act.run();
            }
        });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store was closed");
        }
    }

    /** Writes all entries; returns false when they are too many. With the lock. */
    private boolean write(Map<String, Secret> entries) throws IOException {
        byte[] nonce = new byte[SecretFileFormat.NONCE_BYTES];
        random.nextBytes(nonce);
        Optional<byte[]> bytes = SecretFileFormat.encrypt(entries, making, key, nonce);
        if (!bytes.isPresent()) {
            return false;
        }
        file.replace(bytes.get());
        return true;
    }

    private static Secret copy(Secret secret) {
        byte[] bytes = secret.reveal();
        try {
            return Secret.copyOf(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static void wipe(Map<String, Secret> entries) {
        entries.values().forEach(Secret::wipe);
    }

    private static Failure notAStore() {
        return new Failure.NotAStore("the file is no store of secrets, or of a version or cost that is refused here");
    }

    private static Failure unusable(IOException e) {
        return new Failure.Unusable(e.getClass().getSimpleName());
    }

    @Override
    public String toString() {
        return "SecretFile[" + file + ", hidden]";
    }
}
