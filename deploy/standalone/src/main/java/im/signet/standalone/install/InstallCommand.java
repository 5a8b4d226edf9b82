package im.signet.standalone.install;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.launch.Launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code install DIR}: unpacks this jar and prepares its start. */
@Command(name = "install", description = {"lay the server out in a folder, so that it starts in about half of the time",
    "Afterwards DIR/bin/signet takes the same commands as this jar. Done again with a newer jar, it is an upgrade: servers"
            + " that run go on with what they have until they are restarted, and the release that was current stays in"
            + " DIR/releases."})
public final class InstallCommand implements Callable<Exit> {

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "DIR", description = "the folder, such as /opt/signet; made where it is not")
    private @Nullable Path folder;

    @Override
    public Exit call() {
        Optional<Path> jar = Launcher.ownJar();
        if (jar.isEmpty() || folder == null) {
            output.err()
                    .println("signet: this is not signet.jar, but what was unpacked from one; install from the jar");
            return Exit.USAGE;
        }
        try {
            Installation installation = Installation.of(jar.get(), folder, StartFlags.FOR_SERVERS);
            if (!installation.isPrepared()) {
                output.err()
                        .println("signet: installed, but without a prepared start, which failed: "
                                + installation.trouble());
            }
            output.out().println("Signet is installed. Start it by: " + installation.script() + " serve --config FILE");
            return Exit.OK;
        } catch (NotInstalledException refused) {
            output.err().println("signet: " + refused.getMessage());
            return Exit.UNAVAILABLE;
        } catch (IOException failed) {
            output.err()
                    .println("signet: the folder " + folder + " cannot be written: "
                            + failed.getClass().getSimpleName());
            return Exit.UNAVAILABLE;
        }
    }
}
