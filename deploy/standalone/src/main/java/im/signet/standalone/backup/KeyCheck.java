package im.signet.standalone.backup;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.kit.outbox.Outbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Whether key files are those that a backup needs: every key is there, and what was sealed opens. */
final class KeyCheck {

    /** Rows of each kind that are tried. */
    private static final int SAMPLE = 20;

    private final BackupFile backup;
    private final KeyFiles files;
    private final SecureRandom random;

    KeyCheck(BackupFile backup, KeyFiles files, SecureRandom random) {
        this.backup = backup;
        this.files = files;
        this.random = random;
    }

    /** Does something with a row: its values in the order of the columns that were asked for, null where there is none. */
    private interface Try {
        void row(@Nullable String[] values);
    }

    /**
     * Looks at the keys.
     *
     * @return how many sealed rows were opened
     * @throws Refusal which names the keys that are missing, or the table whose rows do not open
     */
    long check() throws IOException, Refusal {
        Set<Manifest.KeyId> missing = new LinkedHashSet<>();
        for (Manifest.Schema schema : backup.manifest().schemas()) {
            for (Manifest.KeyId key : schema.keys()) {
                if (files.read(key.purpose()).flatMap(ring -> ring.byId(key.id())).isEmpty()) {
                    missing.add(key);
                }
            }
        }
        if (!missing.isEmpty()) {
            List<String> names = missing.stream().map(key -> key.id() + " of " + key.purpose() + ".keys").toList();
            throw Refusal.unavailable("The rows of the backup need keys that are not in the key files: "
                    + String.join(", ", names) + ". Bring them by --keys FILE, which 'backup --keys-to' has written.");
        }
        return addresses("association", "address_sealed", "address_hash")
                + addresses("invitation", "address_sealed", "address_hash")
                + opened("identity", "invitation", "invitation", List.of("payload_sealed", "token"),
                        (sealing, values) -> open(sealing, values[0], String.valueOf(values[1])))
                + letters();
    }

    private long letters() throws IOException, Refusal {
        long opened = 0;
        for (Manifest.Schema schema : backup.manifest().schemas()) {
            opened += opened(schema.name(), "scheduled_tasks", "outbox", List.of("task_data"),
                    (sealing, values) -> open(sealing, values[0], Outbox.CONTEXT));
        }
        return opened;
    }

    private long addresses(String table, String sealed, String hash) throws IOException, Refusal {
        Optional<KeyRing> hashes = files.read("address-hash");
        if (hashes.isEmpty()) {
            return 0; // and so no address, as the ids were looked at
        }
        return opened("identity", table, "address", List.of(sealed, hash), (sealing, values) -> {
            AddressesAtRest atRest = new AddressesAtRest(sealing, new KeyedHash(hashes.get()));
            byte[] kept = bytes(String.valueOf(values[1]));
            if (atRest.hashesOf(atRest.open(bytes(String.valueOf(values[0]))))
                    .stream()
                    .noneMatch(one -> Arrays.equals(one, kept))) {
                throw new IllegalStateException("the hash of an address was made with another key");
            }
        });
    }

    private interface Opening {
        void open(Sealing sealing, @Nullable String[] values);
    }

    private long opened(String schema, String table, String purpose, List<String> columns, Opening opening)
            throws IOException, Refusal {
        Optional<KeyRing> ring = files.read(purpose);
        Optional<Manifest.Table> found = backup.manifest()
                .schemas()
                .stream()
                .filter(one -> one.name().equals(schema))
                .flatMap(one -> one.table(table).stream())
                .findFirst();
        if (ring.isEmpty() || found.isEmpty()) {
            return 0;
        }
        Sealing sealing = new Sealing(ring.get(), random);
        try {
            return sample(found.get(), columns, values -> opening.open(sealing, values));
        } catch (IllegalStateException doesNotOpen) {
            throw Refusal.unavailable("Rows of " + schema + "." + table + " do not open with the keys of " + purpose
                    + ".keys: " + doesNotOpen.getMessage() + ". The key files are not those of this backup.");
        }
    }

    private long sample(Manifest.Table table, List<String> columns, Try each) throws IOException, Refusal {
        int[] places = columns.stream().mapToInt(table.columns()::indexOf).toArray();
        long count = 0;
        try (BufferedReader rows = new BufferedReader(
                new InputStreamReader(backup.rows(table), StandardCharsets.UTF_8))) {
            // Spread over the table: a key that was rotated is only needed by the older rows.
            long step = Math.max(1, table.rows() / SAMPLE);
            long number = 0;
            for (String line = rows.readLine(); line != null; line = rows.readLine(), number++) {
                if (number % step == 0) {
                    String[] values = line.split("\t", -1);
                    each.row(Arrays.stream(places)
                            .mapToObj(place -> CopyText.read(values[place]))
                            .toArray(String[]::new));
                    count++;
                }
            }
        }
        return count;
    }

    private static void open(Sealing sealing, @Nullable String sealed, String context) {
        if (sealed != null && sealed.length() > 2) {
            sealing.open(bytes(sealed), context);
        }
    }

    private static byte[] bytes(String hex) {
        return CopyText.bytes(hex);
    }
}
