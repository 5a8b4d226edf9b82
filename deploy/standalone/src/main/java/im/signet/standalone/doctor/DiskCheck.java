package im.signet.standalone.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Whether there is room left where the data lie. */
final class DiskCheck implements Check {

    private static final long TOO_LITTLE = 200L << 20;
    private static final long LITTLE = 1L << 30;

    @Override
    public String what() {
        return "disk";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws IOException {
        Path there = patient.dataDir();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        FileStore disk = Files.getFileStore(there);
        return List.of(of(there, disk.getUsableSpace()));
    }

    Diagnosis of(Path folder, long free) {
        String words = String.format(Locale.ROOT, "%,d MB are free for %s.", free >> 20, folder);
        String mend = "Make room, or move signet.data-dir: a database that cannot write stops.";
        if (free < TOO_LITTLE) {
            return Diagnosis.fail(what(), words, mend);
        }
        return free < LITTLE ? Diagnosis.warn(what(), words, mend) : Diagnosis.ok(what(), words);
    }
}
