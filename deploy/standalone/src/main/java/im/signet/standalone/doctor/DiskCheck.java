package im.signet.standalone.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether there is room left where the data and the journal lie. */
final class DiskCheck implements Check {

    private static final long TOO_LITTLE = 200L << 20;
    private static final long LITTLE = 1L << 30;

    @Override
    public String what() {
        return "disk";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws IOException {
        Map<FileStore, Path> disks = new LinkedHashMap<>();
        for (Path folder : List.of(patient.dataDir(), patient.journalFolder())) {
            Path there = folder;
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            disks.putIfAbsent(Files.getFileStore(there), there);
        }
        List<Diagnosis> found = new ArrayList<>();
        for (Map.Entry<FileStore, Path> disk : disks.entrySet()) {
            found.add(of(disk.getValue(), disk.getKey().getUsableSpace()));
        }
        return found;
    }

    Diagnosis of(Path folder, long free) {
        String words = String.format(Locale.ROOT, "%,d MB are free for %s.", free >> 20, folder);
        String mend = "Make room, or move signet.data-dir or signet.journal.folder: a database that cannot write stops,"
                + " and without the journal nothing can be unbound or ended.";
        if (free < TOO_LITTLE) {
            return Diagnosis.fail(what(), words, mend);
        }
        return free < LITTLE ? Diagnosis.warn(what(), words, mend) : Diagnosis.ok(what(), words);
    }
}
