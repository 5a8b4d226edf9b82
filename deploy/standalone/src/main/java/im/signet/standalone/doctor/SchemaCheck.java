package im.signet.standalone.doctor;

import im.signet.standalone.config.Service;
import im.signet.standalone.config.StoredKeys;
import im.signet.standalone.config.UpgradePlan;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the tables are those of this program, and whether the keys that they were written with are here. */
final class SchemaCheck implements Check {

    @Override
    public String what() {
        return "schema";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws SQLException {
        List<Diagnosis> found = new ArrayList<>();
        try (Connection database = patient.database()) {
            for (UpgradePlan.OfSchema schema : UpgradePlan.of(database, patient.served()).schemas()) {
                found.add(of(schema));
            }
            for (Service service : Service.values()) {
                if (patient.served().has(service)) {
                    for (StoredKeys.Missing missing : StoredKeys.missing(database, service, patient.keyFolder())) {
                        found.add(Diagnosis.fail("keys", missing.words(),
                                "Put that file back, from a backup or from another server on this database; never make a new one."));
                    }
                }
            }
        }
        if (found.stream().noneMatch(line -> line.what().equals("keys"))) {
            found.add(Diagnosis.ok("keys",
                    "every key that the database was written with is in " + patient.keyFolder() + "."));
        }
        return found;
    }

    private Diagnosis of(UpgradePlan.OfSchema schema) {
        if (!schema.newer().isEmpty()) {
            return Diagnosis.fail(what(), schema.name() + " was changed by a newer Signet: this one does not know "
                    + String.join(", ", schema.newer()) + ".", "Start the newer version again.");
        }
        if (!schema.failed().isEmpty()) {
            return Diagnosis.fail(what(), schema.name() + " has a change that was begun and not finished: "
                    + String.join(", ", schema.failed()) + ".",
                    "Look into the log of the version that began it, and restore the backup from before; no server starts on this.");
        }
        return schema.pending().isEmpty()
                ? Diagnosis.ok(what(), schema.name() + " is as this version has it.")
                : Diagnosis.warn(what(),
                        schema.name() + " lacks " + schema.pending().size() + " changes of this version.",
                        "The next start makes them; 'signet upgrade check' says which.");
    }
}
