package im.signet.standalone.doctor;

import im.signet.standalone.config.ConfigCheck;
import im.signet.standalone.config.Finding;
import im.signet.standalone.config.SettingsCatalog;

import java.util.ArrayList;
import java.util.List;

/** All that {@code config check} finds. */
final class ConfigurationCheck implements Check {

    @Override
    public String what() {
        return "configuration";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        for (Finding finding : ConfigCheck.of(SettingsCatalog.load(), patient.sources(), patient.served())) {
            String words = (finding.where().isEmpty() ? "" : finding.where() + ": ") + finding.what();
            found.add(finding.severity() == Finding.Severity.ERROR
                    ? Diagnosis.fail(what(), words, finding.mend())
                    : Diagnosis.warn(what(), words, finding.mend()));
        }
        return found.isEmpty() ? List.of(Diagnosis.ok(what(), "a server starts with these settings.")) : found;
    }
}
