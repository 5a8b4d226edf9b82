package im.signet.standalone.backup;

import im.signet.kit.key.KeyFiles;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup verify}: reads a backup through, and tries it with the keys; needs no database. */
@Command(name = "verify", description = "read a backup through and try it with the keys; changes nothing")
final class VerifyCommand implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "FILE", description = "what 'backup --to' has written")
    private Path file = Path.of("");

    @Option(names = "--keys", paramLabel = "FILE", description = "what 'backup --keys-to' has written; by default the server's key files")
    private @Nullable Path keys;

    @Override
    public Exit call() {
        return Telling.run(output.err(), () -> {
            try (BackupFile backup = BackupFile.open(file)) {
                output.out()
                        .println(file + ": whole; " + BackupCommand.described(backup.manifest())
                                + ", written by Signet "
                                + backup.manifest().program() + " from PostgreSQL " + backup.manifest().postgresql());
                Path keysFile = keys;
                if (keysFile != null) {
                    try (UnpackedKeys unpacked = UnpackedKeys.of(keysFile)) {
                        tryKeys(backup, unpacked.folder(), keysFile.toString());
                    }
                    return Exit.OK;
                }
                try (ConfigurableApplicationContext settings = arguments.read()) {
                    Path folder = new ServerFiles(settings.getEnvironment()).keys();
                    if (new KeyFiles(folder).files().isEmpty()) {
                        output.out()
                                .println("Not tried with keys: there are none in " + folder
                                        + "; name them by --keys FILE or --config FILE");
                    } else {
                        tryKeys(backup, folder, folder.toString());
                    }
                }
                return Exit.OK;
            }
        });
    }

    private void tryKeys(BackupFile backup, Path folder, String shown) throws java.io.IOException, Refusal {
        long opened = new KeyCheck(backup, new KeyFiles(folder), new SecureRandom()).check();
        output.out()
                .println("Every key that it needs is in " + shown + "; " + opened
                        + " sealed rows were tried and open");
    }
}
