package im.signet.bench;

import im.signet.bench.start.StartRun;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code start}: how soon a server answers, and what it holds of the memory. */
@Command(name = "start", mixinStandardHelpOptions = true, description = "measure how soon a server with a database answers, and what it holds of the memory")
final class StartCommand implements Callable<Integer> {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "how often each form is started; ${DEFAULT-VALUE} unless said")
    private int rounds;

    @Option(names = "--idle", paramLabel = "SECONDS", defaultValue = "30", description = "how long nobody asks before the memory is looked at; ${DEFAULT-VALUE} unless said")
    private int idle;

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (command == null || rounds < 1 || idle < 0) {
            throw new ParameterException(command == null ? new picocli.CommandLine(this) : command.commandLine(),
                    "--rounds begins at 1, --idle at 0");
        }
        PrintWriter out = command.commandLine().getOut();
        Path folder = Files.createTempDirectory("signet-start");
        try {
            new StartRun(folder, Duration.ofSeconds(idle), out).run(server.jar, rounds);
            return 0;
        } catch (IOException failed) {
            Path log = folder.resolve("server.log");
            String last = Files.exists(log)
                    ? Files.readAllLines(log).stream().reduce("", (_, line) -> line)
                    : "";
            command.commandLine().getErr().println("signet: " + failed.getMessage() + " " + last);
            return 1;
        } finally {
            out.flush();
            FileSystemUtils.deleteRecursively(folder);
        }
    }
}
