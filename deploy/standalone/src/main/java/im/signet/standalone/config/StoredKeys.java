package im.signet.standalone.config;

import im.signet.kit.key.KeyRing;
import im.signet.kit.key.Keys;
import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the key files with the keys that a database says it was written with. */
public final class StoredKeys {

    /** A key that is in use and not in the files; the words are a sentence. */
    public record Missing(String words) {}

    private StoredKeys() {}

    /** Returns what is missing of a service's keys, or cannot be read; empty when all are there. */
    public static List<Missing> missing(Connection database, Service service, Path folder) throws SQLException {
        List<Missing> missing = new ArrayList<>();
        if (!UpgradePlan.has(database, service.schema() + ".key_in_use")) {
            return missing;
        }
        Map<String, Optional<KeyRing>> files = new HashMap<>();
        String sql = "SELECT purpose, key_id FROM " + service.schema() + ".key_in_use ORDER BY purpose, key_id";
        try (PreparedStatement query = database.prepareStatement(sql); ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String purpose = row.getString(1);
                String id = row.getString(2);
                try {
                    if (files.computeIfAbsent(purpose, name -> Keys.stored(folder, name))
                            .flatMap(ring -> ring.byId(id))
                            .isEmpty()) {
                        missing.add(new Missing("the database was written with the key '" + id + "', which is not in "
                                + folder.resolve(purpose + ".keys") + "."));
                    }
                } catch (UnusableSettingException unreadable) {
                    missing.add(new Missing(String.valueOf(unreadable.getMessage())));
                    files.put(purpose, Optional.empty());
                }
            }
        }
        return missing.stream().distinct().toList();
    }
}
