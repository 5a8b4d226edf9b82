package im.signet.standalone.backup;

import im.signet.kit.database.OfflineDatabase;
import im.signet.kit.journal.JournalReading;
import im.signet.kit.key.KeyFiles;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restore}: brings a backup back while no server runs, and with it nothing that was ended since. */
@Command(name = "restore", description = "bring a backup back, while no server runs")
public final class RestoreCommand implements Callable<Exit> {

    private static final String NOT_YET = "keys.restoring";

    private final Operator operator;
    private final Clock clock;

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "FILE", description = "what 'backup --to' has written")
    private Path file = Path.of("");

    @Option(names = "--keys", paramLabel = "FILE", description = "what 'backup --keys-to' has written, to put into the data folder")
    private @Nullable Path keysFile;

    @Option(names = "--journal", paramLabel = "PATH", description = "a folder 'journal' of a server, or files of it;"
            + " once for each server. The one in the data folder is read in any case")
    private final List<Path> journals = new ArrayList<>();

    @Option(names = "--without-journal", description = "go on although journals, or keys for them, are missing: what was unbound or ended since comes back")
    private boolean withoutJournal;

    @Option(names = "--replace", description = "put it in the place of what the database holds")
    private boolean replace;

    @Option(names = "--yes", description = "go on without asking")
    private boolean yes;

    /**
     * picocli reads its words.
     *
     * @param operator who is asked before data go
     */
    public RestoreCommand(Operator operator, Clock clock) {
        this.operator = operator;
        this.clock = clock;
    }

    /** Brings it back, all or nothing. */
    @Override
    public Exit call() {
        return Telling.run(output.err(), () -> {
            try (BackupFile backup = BackupFile.open(file);
                    ConfigurableApplicationContext settings = arguments.read()) {
                output.out().println(file + ": whole; " + BackupCommand.described(backup.manifest()));
                restore(backup, new ServerFiles(settings.getEnvironment()));
                return Exit.OK;
            }
        });
    }

    private void restore(BackupFile backup, ServerFiles server)
            throws IOException, SQLException, Refusal, Unfinished {
        SecureRandom random = new SecureRandom();
        JournalReading journal = journal(backup, server);
        try (OfflineDatabase database = OfflineDatabase.open(server.settings(), random)) {
            // From here on an embedded database, and with it the data folder, is nobody else's.
            Optional<Path> brought = bringKeys(server);
            boolean needed = false;
            try {
                KeyFiles keys = new KeyFiles(brought.orElse(server.keys()));
                long opened = new KeyCheck(backup, keys, random).check();
                output.out().println("Its keys are there; " + opened + " sealed rows were tried and open");
                Restore restore = new Restore(database, backup, keys, journal, random);
                restore.check();
                if (brought.isPresent()) {
                    checkThatKeysCanGo(server.keys());
                }
                agreeOn(restore.missingKeys());
                agree(restore.present());
                Restore.Done done = restore.run();
                if (brought.isPresent()) {
                    putKeys(brought.get(), server.keys());
                }
                tell(done);
            } catch (Unfinished unfinished) {
                needed = true;
                throw unfinished;
            } finally {
                if (!needed && brought.isPresent() && Files.isDirectory(brought.get())) {
                    new UnpackedKeys(brought.get()).close();
                }
            }
        }
    }

    private JournalReading journal(BackupFile backup, ServerFiles server) throws IOException, Refusal {
        List<Path> read = new ArrayList<>(journals);
        if (Files.isDirectory(server.journal())) {
            read.add(server.journal());
        }
        JournalReading journal;
        try {
            journal = JournalReading.of(read);
        } catch (NoSuchFileException missing) {
            throw Refusal.call("There is no journal " + missing.getMessage() + ".");
        }
        Set<String> missing = new TreeSet<>();
        backup.manifest().schemas().forEach(schema -> missing.addAll(schema.journals()));
        missing.removeAll(journal.ids());
        if (!missing.isEmpty() && !withoutJournal) {
            throw Refusal.call("Journals are missing: " + String.join(", ", missing)
                    + ". The servers that wrote them noted there what was unbound, erased and released since the backup;"
                    + " the id stands in the file journal-id of the folder 'journal' in each server's data folder."
                    + " Name each by --journal PATH. If one is lost for good, --without-journal goes on,"
                    + " and what was ended on that server since the backup comes back.");
        }
        if (!missing.isEmpty()) {
            output.err()
                    .println("signet: WARNING: going on without the journals " + String.join(", ", missing)
                            + ": what was unbound, erased or released on those servers since "
                            + backup.manifest().takenAt()
                            + " holds again. Tell the people concerned.");
        }
        agreeOnAge(backup.manifest().takenAt(), server.journalKept());
        if (journal.damaged() > 0) {
            output.err()
                    .println("signet: WARNING: " + journal.damaged()
                            + " lines of the journals cannot be read. One that a"
                            + " crash cut short had ended nothing; if there was none, use another copy of the journals.");
        }
        return journal;
    }

    private void agreeOnAge(Instant takenAt, Duration kept) throws Refusal {
        if (!takenAt.isBefore(clock.instant().minus(kept))) {
            return;
        }
        if (!withoutJournal) {
            throw Refusal.call("The backup, of " + takenAt + ", is older than what journals keep (signet.journal.keep: "
                    + kept.toDays() + " days): their first entries since are deleted. --without-journal goes on,"
                    + " and what those ended comes back.");
        }
        output.err()
                .println("signet: WARNING: going on with a backup that is older than the journals: what was unbound,"
                        + " erased or released in the first time after " + takenAt
                        + " holds again. Tell the people concerned.");
    }

    private void agreeOn(List<String> missingKeys) throws Refusal {
        if (missingKeys.isEmpty()) {
            return;
        }
        String names = String.join(", ", missingKeys);
        if (!withoutJournal) {
            throw Refusal
                    .call("The key files are older than the journals, whose entries since the backup need keys that"
                            + " are not in them: " + names
                            + ". Bring the newest by --keys FILE, which 'backup --keys-to' has written"
                            + " after the last rotation, or copy them from a server. If they are lost for good,"
                            + " --without-journal goes on, and what those entries ended comes back.");
        }
        output.err()
                .println("signet: WARNING: going on without the keys " + names
                        + ": what entries of the journals ended by them holds again. Tell the people concerned.");
    }

    private Optional<Path> bringKeys(ServerFiles server) throws IOException, Refusal {
        Path brought = keysFile;
        if (brought == null) {
            return Optional.empty();
        }
        Path folder = server.dataDir().resolve(NOT_YET);
        KeysFile.unpack(brought, folder);
        List<Path> present = new KeyFiles(server.keys()).files();
        for (Path key : present) {
            Path same = folder.resolve(key.getFileName());
            if (!replace && (!Files.exists(same)
                    || !Arrays.equals(Files.readAllBytes(key), Files.readAllBytes(same)))) {
                new UnpackedKeys(folder).close();
                throw Refusal.call("There are other keys in " + server.keys() + " already, " + key.getFileName()
                        + " for one. Move the folder away, or add --replace, which keeps it under another name.");
            }
        }
        return Optional.of(folder);
    }

    // After the database has what they are for: should this be killed in between, servers refuse to start, and the same
    // command once more mends it.
    private void putKeys(Path brought, Path keys) throws Unfinished {
        try {
            if (Files.isDirectory(keys)) {
                Path aside = aside(keys);
                Files.move(keys, aside, StandardCopyOption.ATOMIC_MOVE);
                output.out().println("The keys that were there are in " + aside);
            }
            Files.move(brought, keys, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new Unfinished("The database IS restored; its keys are still to be put into " + keys + " (" + failed
                    + "). They are in " + brought + ": move away what " + keys + " is now, give that folder this name,"
                    + " and start no server before.", failed);
        }
    }

    private static Path aside(Path keys) {
        Path aside = keys.resolveSibling("keys.before-restore");
        for (int number = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); number++) {
            aside = keys.resolveSibling("keys.before-restore." + number);
        }
        return aside;
    }

    /** Finds out before anything is changed, as a folder may be a mount, or be somebody else's. */
    private static void checkThatKeysCanGo(Path keys) throws Refusal {
        if (!Files.isDirectory(keys)) {
            return;
        }
        Path aside = aside(keys);
        try {
            Files.move(keys, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.move(aside, keys, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw Refusal.unavailable("The folder " + keys + " cannot be renamed to " + aside + " (" + failed
                    + "), so there is no place for the keys that --keys names. Copy the key files to where they belong"
                    + " yourself, and leave --keys out.");
        }
    }

    private void agree(List<String> present) throws Refusal {
        if (present.isEmpty()) {
            return;
        }
        if (!replace) {
            throw Refusal.call("The database holds data already (" + String.join(", ", present)
                    + "). Restore into an empty one, or add --replace, which deletes them.");
        }
        if (yes) {
            return;
        }
        Optional<String> answer = operator.ask("This deletes what the database holds ("
                + String.join(", ", present) + ") and puts the backup in its place. Type 'yes': ");
        if (answer.isEmpty()) {
            throw Refusal.call("There is nobody to ask whether to go on; '--yes' says so.");
        }
        if (!answer.get().strip().equals("yes")) {
            throw Refusal.call("Nothing was done.");
        }
    }

    private void tell(Restore.Done done) {
        output.out().println(done.rows() + " rows are back");
        done.ended().forEach((what, count) -> output.out().println("  " + count + " " + what + " since stay so"));
        output.out()
                .println("  all access tokens, codes, links and invitation codes have ended: everybody logs in again");
        if (done.readOnly() > 0) {
            output.out()
                    .println("  " + done.readOnly()
                            + " identities are read-only until a device of their owners has shown what it knows");
        }
    }
}
