package im.signet.standalone.backup;

import im.signet.kit.key.KeyFiles;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backup}: copies database and keys into files, beside running servers. */
@Command(name = "backup", description = "copy the database, and apart from it the keys, into files, while servers run", subcommands = VerifyCommand.class)
public final class BackupCommand implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--to", paramLabel = "FILE", description = "write the database there; it holds no key")
    private @Nullable Path to;

    @Option(names = "--keys-to", paramLabel = "FILE", description = "write the key files there; keep this file apart from the other")
    private @Nullable Path keysTo;

    @Option(names = "--overwrite", description = "put them in the place of files of that name")
    private boolean overwrite;

    /** picocli reads its words. */
    public BackupCommand() {}

    /** Writes what was asked for, and reads it back. */
    @Override
    public Exit call() {
        return Telling.run(output.err(), () -> {
            Path database = to;
            Path keys = keysTo;
            if (database == null && keys == null) {
                throw Refusal.call("Say where to: --to FILE for the database, --keys-to FILE for the keys, or both.");
            }
            if (database != null && keys != null
                    && database.toAbsolutePath().normalize().equals(keys.toAbsolutePath().normalize())) {
                throw Refusal.call("Database and keys go into two files, to be kept apart.");
            }
            try (ConfigurableApplicationContext settings = arguments.read()) {
                ServerFiles server = new ServerFiles(settings.getEnvironment());
                if (keys != null) {
                    List<String> files = KeysFile.write(server.keys(), keys, overwrite);
                    output.out()
                            .println(keys + ": " + files.size() + " key files, read back. Keep it apart from the"
                                    + " database's backup: together they open every address.");
                }
                if (database != null) {
                    backUp(server, database);
                }
            }
            return Exit.OK;
        });
    }

    private void backUp(ServerFiles server, Path file) throws IOException, SQLException, Refusal {
        SecureRandom random = new SecureRandom();
        Manifest manifest;
        try (ServerFiles.Connected connected = server.connect(random)) {
            manifest = new Backup(connected.connection(), program()).writeTo(file, overwrite);
        }
        output.out().println(file + ": " + described(manifest) + ", " + Files.size(file) + " bytes, read back");
        try (BackupFile written = BackupFile.open(file)) {
            if (new KeyFiles(server.keys()).files().isEmpty()) {
                output.out().println("Its keys were not looked at: there are none in " + server.keys());
            } else {
                long opened = new KeyCheck(written, new KeyFiles(server.keys()), random).check();
                output.out()
                        .println("Every key that it needs is in " + server.keys() + "; " + opened
                                + " sealed rows were tried and open");
            }
        }
    }

    /** Returns in words what a backup holds. */
    static String described(Manifest manifest) {
        return manifest.rows() + " rows of "
                + manifest.schemas().stream().map(Manifest.Schema::name).collect(Collectors.joining(", "))
                + " as of " + manifest.takenAt();
    }

    private static String program() {
        String version = BackupCommand.class.getPackage().getImplementationVersion();
        return version == null ? "unversioned" : version;
    }
}
