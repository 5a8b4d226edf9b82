package im.signet.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benches. */
@Command(name = "bench", description = "Programs that try what a running Signet bears.", mixinStandardHelpOptions = true, subcommands = {
    FaultsCommand.class, StartCommand.class})
public final class Bench {

    /** The status of a wrong call. */
    static final int USAGE = 64;

    private Bench() {}

    /** Runs one bench and ends the process with its status. */
    public static void main(String[] args) {
        // As the server's Launcher does, and for its reason.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "256");
        System.exit(new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, _) -> {
                    System.err.println("signet: " + wrong.getMessage());
                    return USAGE;
                })
                .execute(args));
    }

}
