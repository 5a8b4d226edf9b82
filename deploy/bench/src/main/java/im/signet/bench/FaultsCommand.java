package im.signet.bench;

import im.signet.bench.faults.FaultRun;
import im.signet.bench.place.Cleanup;
import im.signet.bench.place.Place;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `./signet bench faults`. */
@Command(name = "faults", description = "Kills servers and their database at random moments while users write, and looks"
        + " whether anything that was acknowledged is lost, anything is half done, or there is anything that nobody asked for.", mixinStandardHelpOptions = true)
final class FaultsCommand implements Callable<Integer> {

    @Mixin
    ServerOption server = new ServerOption();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "20", description = "how many rounds; ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "7", description = "how long users write in each; ${DEFAULT-VALUE}")
    int seconds;

    @Option(names = "--seed", paramLabel = "S", description = "what faults are drawn by: the same seed has the same faults at the same moments; else a new one")
    @Nullable
    Long seed;

    @Option(names = "--writers", paramLabel = "N", defaultValue = "6", description = "how many write at once; ${DEFAULT-VALUE}")
    int writers;

    @Option(names = "--ready-within", paramLabel = "N", defaultValue = "10", description = "in how many seconds what was killed must be ready again; ${DEFAULT-VALUE}")
    int readyWithin;

    @Option(names = "--harm", description = "delete two acknowledged rows in the end behind the servers' back: the run has to fail")
    boolean harm;

    @Option(names = "--keep", paramLabel = "DIR", description = "a new or empty folder for the journal, the logs and the database, which stay there; else they"
            + " stay only when something did not hold")
    @Nullable
    Path keep;

    @Override
    public Integer call() throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (rounds < 1 || seconds < 1 || writers < 1 || writers > 26 || readyWithin < 1) {
            System.err.println("signet: rounds, seconds and ready-within are 1 or more, writers from 1 to 26");
            return Bench.USAGE;
        }
        Path folder = keep == null ? Files.createTempDirectory("signet-bench") : Files.createDirectories(keep);
        try (var files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                System.err.println("signet: " + folder + " is not empty");
                return Bench.USAGE;
            }
        }
        Cleanup cleanup = Cleanup.atExit();
        AtomicBoolean kept = new AtomicBoolean(keep != null);
        cleanup.add(() -> {
            if (!kept.get()) {
                Place.delete(folder);
            }
        });
        long drawn = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        boolean held = FaultRun.run(
                new FaultRun.Options(server.jar, folder.toAbsolutePath(), rounds, Duration.ofSeconds(seconds), drawn,
                        writers, Duration.ofSeconds(readyWithin), harm),
                out, Clock.systemUTC(), cleanup);
        if (!held && !cleanup.hasBegun()) {
            kept.set(true);
        }
        return held ? 0 : 1;
    }
}
