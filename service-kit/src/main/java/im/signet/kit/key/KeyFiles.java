package im.signet.kit.key;

import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The key files of a server, for its operator: what they hold, one key more, another one in use. Servers read them when they
 * start. No key is made here for a purpose that has none.
 */
public final class KeyFiles {

    private static final String SUFFIX = ".keys";

    private final Path path;
    private final KeyFolder folder;

    /**
     * Finds the files.
     *
     * @param folder the folder of the files, {@code keys} in a server's {@code data-dir}
     */
    public KeyFiles(Path folder, SecureRandom random) {
        this.path = folder;
        this.folder = new KeyFolder(folder, random);
    }

    /** Finds the files of a folder, as above. */
    public KeyFiles(Path folder) {
        this(folder, new SecureRandom());
    }

    /** Returns the files that there are, in the order of their names; none where the folder is missing. */
    public List<Path> files() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(path)) {
            return found.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    /** Returns where the keys of a purpose lie. */
    public Path fileOf(String purpose) {
        return folder.fileOf(purpose);
    }

    /**
     * Returns the keys of a purpose; empty when there is no such file.
     *
     * @throws UnusableSettingException when it cannot be read entirely
     */
    public Optional<KeyRing> read(String purpose) {
        return folder.read(purpose);
    }

    /**
     * Returns the keys of a purpose for reading what servers wrote with them.
     *
     * @param schema the schema of the service whose keys they are
     * @throws UnusableSettingException when there is no such file, or it lacks a key that the database says is in use
     */
    public KeyRing open(Connection database, String schema, String purpose) throws SQLException {
        KeyRing ring = read(purpose).orElseThrow(() -> new UnusableSettingException(
                "The key file " + fileOf(purpose) + " is not there, and nothing can be found without it.",
                "Give the configuration of a server of this database, on a machine that has its data-dir."));
        for (String id : recorded(database, schema, purpose)) {
            if (ring.byId(id).isEmpty()) {
                throw new UnusableSettingException(
                        "The database was written with the key '" + id + "' of the purpose '" + purpose
                                + "', which is not in " + fileOf(purpose) + ".",
                        "Copy that file from a server of this database.");
            }
        }
        return ring;
    }

    /** Returns the ids of the keys of a purpose that servers of a schema have started with. */
    public static Set<String> recorded(Connection database, String schema, String purpose) throws SQLException {
        Set<String> ids = new LinkedHashSet<>();
        try (PreparedStatement select = database.prepareStatement(
                "SELECT key_id FROM " + schema + ".key_in_use WHERE purpose = ? ORDER BY since, key_id")) {
            select.setString(1, purpose);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        }
        return ids;
    }

    /** Returns the ids of those keys of a purpose that are known and not in use yet. */
    public Set<String> next(String purpose) {
        return folder.next(purpose);
    }

    /** Returns the mode of the file of a purpose, such as {@code rw-------}. */
    public String modeOf(String purpose) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(fileOf(purpose)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Keeps servers from starting, and others from changing the files, until the running transaction ends.
     *
     * @param database a connection within a transaction
     */
    public static void lock(Connection database) throws SQLException {
        try (PreparedStatement lock = database
                .prepareStatement("SELECT pg_advisory_xact_lock(hashtext('signet.keys'))")) {
            lock.execute();
        }
    }

    /** A change of a key file that is made when it is told to: as the last thing before a transaction commits. */
    public static final class Change {

        private final String id;
        private final Runnable make;

        private Change(String id, Runnable make) {
            this.id = id;
            this.make = make;
        }

        /** Returns the id of the key that it is about. */
        public String id() {
            return id;
        }

        /**
         * Makes it: the file is replaced as a whole, on the disk when this returns.
         *
         * @throws UncheckedIOException when it cannot be
         */
        public void make() {
            make.run();
        }
    }

    /**
     * Returns that a fresh key is added to a file that there is.
     *
     * @param idPrefix begins the key's id
     * @param next     whether it is to be known only; else it is in use from the next start on
     */
    public Change add(String purpose, String idPrefix, boolean next) {
        KeyRing.Key key = folder.fresh(purpose, idPrefix);
        return new Change(key.id(), () -> folder.add(purpose, key, next));
    }

    /** Returns that a key of the file is put into use, from the next start on. */
    public Change use(String purpose, String id) {
        return new Change(id, () -> folder.use(purpose, id));
    }
}
