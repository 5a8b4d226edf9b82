package im.signet.cli;

import im.signet.client.handle.RecoveryKey;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import picocli.CommandLine.Option;

/** The recovery key that an act needs: from a file or typed, used and never kept. */
final class Recovery {

    @Option(names = "--recovery-file", paramLabel = "FILE", description = "read the recovery key from a file, - for the input; it is not kept")
    private Optional<Path> file = Optional.empty();

    RecoveryKey key(App app) {
        char[] typed = app.secret(file, "Recovery key (SIGNET-RECOVERY:...):", "--recovery-file");
        try {
            return RecoveryKey.parse(typed)
                    .orElseThrow(reason -> new Ended(Exit.USAGE, "That is no recovery key: " + reason + "."));
        } finally {
            Arrays.fill(typed, '\0');
        }
    }
}
