package im.signet.kit.key;

import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Opens the key rings of a service. The keys lie in files, the database records only their ids, so that a server whose
 * files lack a key that is in use refuses to start instead of answering wrongly. The first keys are made once, under an
 * advisory lock.
 */
public final class Keys {

    private static final Logger log = LoggerFactory.getLogger(Keys.class);

    private final KeyFolder folder;
    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;

    /**
     * @param folder the folder of the key files
     * @param schema the service's schema, whose table {@code key_in_use} records the ids
     */
    public Keys(Path folder, SecureRandom random, JdbcClient jdbc, TransactionOperations transactions, String schema) {
        this.folder = new KeyFolder(folder, random);
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
    }

    /**
     * Returns the keys of a purpose as its file has them, for who looks at them from outside; empty when there is no such file.
     *
     * @throws UnusableSettingException when the file cannot be read entirely
     */
    public static Optional<KeyRing> stored(Path folder, String purpose) {
        return new KeyFolder(folder, new SecureRandom()).read(purpose);
    }

    /**
     * Returns the keys of a purpose, which are made first where neither the files nor the database know any.
     *
     * @param idPrefix begins the id of a key that is made here
     * @throws UnusableSettingException when a key that is in use is not in the files, or a file cannot be read
     */
    public KeyRing open(String purpose, String idPrefix) {
        return open(purpose, idPrefix, _ -> {});
    }

    /**
     * As {@link #open(String, String)}, for keys that not every 32 bytes can be.
     *
     * @param check throws for a key that must not be used; the database then does not come to know it, so that it can be
     *            taken out of the file again
     */
    public KeyRing open(String purpose, String idPrefix, Consumer<? super KeyRing.Key> check) {
        KeyRing opened = transactions.execute(_ -> openLocked(purpose, idPrefix, check));
        if (opened == null) {
            throw new IllegalStateException("no keys of the purpose " + purpose);
        }
        return opened;
    }

    private KeyRing openLocked(String purpose, String idPrefix, Consumer<? super KeyRing.Key> check) {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('signet.keys'))").query().singleRow();
        List<String> inUse = jdbc.sql("SELECT key_id FROM " + schema + ".key_in_use WHERE purpose = ?")
                .param(purpose)
                .query((row, _) -> row.getString(1))
                .list();
        Optional<KeyRing> found = folder.read(purpose);
        if (found.isEmpty() && inUse.isEmpty()) {
            log.info("Making the first key of the purpose '{}' in {}: keep a copy of that file outside this machine",
                    purpose, folder.fileOf(purpose));
        }
        if (found.isEmpty() && !inUse.isEmpty()) {
            throw lacks(purpose, inUse.getFirst());
        }
        KeyRing ring = found.orElseGet(() -> folder.create(purpose, idPrefix));
        for (String id : inUse) {
            if (ring.byId(id).isEmpty()) {
                throw lacks(purpose, id);
            }
        }
        ring.all().forEach(check);
        for (KeyRing.Key key : ring.all()) {
            jdbc.sql("INSERT INTO " + schema + ".key_in_use (purpose, key_id) VALUES (?, ?) ON CONFLICT DO NOTHING")
                    .params(purpose, key.id())
                    .update();
        }
        return ring;
    }

    private UnusableSettingException lacks(String purpose, String id) {
        return new UnusableSettingException(
                "The database was written with the key '" + id + "' of the purpose '" + purpose + "', which is not in "
                        + folder.fileOf(purpose) + ".",
                "Put that key file back, from a backup or from the other servers on this database.");
    }
}
