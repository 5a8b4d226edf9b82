package im.signet.standalone.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folders of data, keys and the journal: there, the server's own, and nobody else's to read. */
final class FilesCheck implements Check {

    private static final Set<PosixFilePermission> OF_THE_OWNER = EnumSet.of(PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    @Override
    public String what() {
        return "files";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws IOException {
        Path dataDir = patient.dataDir();
        if (!Files.exists(dataDir)) {
            return List.of(Diagnosis.warn(what(), "there is no folder " + dataDir + " yet.",
                    "The first start makes it; if there was one, correct signet.data-dir before you start."));
        } else if (!Files.isDirectory(dataDir)) {
            return List.of(Diagnosis.fail(what(), dataDir + " is no folder.", "Correct signet.data-dir."));
        } else if (!Files.isReadable(dataDir) || !Files.isExecutable(dataDir)) {
            return List.of(Diagnosis.fail(what(), dataDir + " cannot be read by this user.",
                    "Run this as the server's user: sudo -u " + Files.getOwner(dataDir) + " signet doctor ..."));
        }
        List<Diagnosis> found = new ArrayList<>();
        UserPrincipal owner = Files.getOwner(dataDir);
        String user = System.getProperty("user.name", "");
        if (!user.equals("root") && !user.equals(owner.getName())) {
            found.add(Diagnosis.warn(what(), dataDir + " is " + owner + "'s, and you are " + user + ".",
                    "Run this as the server's user, who is to own it."));
        }
        if (Files.getPosixFilePermissions(dataDir).contains(PosixFilePermission.OTHERS_WRITE)) {
            found.add(Diagnosis.fail(what(), "everybody on this machine may write to " + dataDir + ".",
                    "Run: chmod o-w " + dataDir));
        }
        for (Path file : secrets(patient)) {
            closed(file, owner, found);
        }
        if (!Files.isDirectory(patient.keyFolder())) {
            found.add(Diagnosis.warn(what(), "there are no keys in " + patient.keyFolder() + " yet.",
                    "The first start makes them; if there were some, put them back before you start."));
        }
        return found.isEmpty()
                ? List.of(Diagnosis.ok(what(), dataDir + ", its keys and the journal are " + owner + "'s alone."))
                : found;
    }

    private static List<Path> secrets(Patient patient) throws IOException {
        List<Path> secrets = new ArrayList<>();
        for (Path folder : List.of(patient.keyFolder(), patient.journalFolder())) {
            if (Files.isDirectory(folder)) {
                secrets.add(folder);
                if (Files.isReadable(folder)) {
                    try (Stream<Path> files = Files.list(folder)) {
                        files.sorted().forEach(secrets::add);
                    }
                }
            }
        }
        Path password = patient.dataDir().resolve("postgres-password");
        if (Files.exists(password)) {
            secrets.add(password);
        }
        return secrets;
    }

    private void closed(Path file, UserPrincipal owner, List<Diagnosis> found) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        boolean folder = Files.isDirectory(file);
        if (!OF_THE_OWNER.containsAll(modes)) {
            found.add(Diagnosis.fail(what(), file + " has the modes " + PosixFilePermissions.toString(modes)
                    + ": others than its owner may open it.",
                    "Run: chmod " + (folder ? "0700 " : "0600 ") + file
                            + " - and think of what it holds as known if somebody could log in here."));
        }
        if (!Files.getOwner(file).equals(owner)) {
            found.add(Diagnosis.fail(what(),
                    file + " is " + Files.getOwner(file) + "'s, and the data folder is " + owner + "'s.",
                    "Run: chown " + owner + " " + file));
        }
    }
}
