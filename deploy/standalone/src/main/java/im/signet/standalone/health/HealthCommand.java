package im.signet.standalone.health;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code signet health} for who asks for its help; everything else the launcher gives to {@link HealthCheck} at once. */
@Command(name = "health", description = "Ask a running server whether it is ready: 0 says that it is, 1 that it is not.")
public final class HealthCommand implements Callable<Integer> {

    @Option(names = "--url", paramLabel = "URL", description = "where to ask; without it, the management port that MANAGEMENT_SERVER_PORT names, or else whether anybody serves at SERVER_PORT (8090)")
    private @Nullable String url;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "ask again until it is ready, for so long")
    private @Nullable String wait;

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>();
        if (url != null) {
            words.addAll(List.of("--url", url));
        }
        if (wait != null) {
            words.addAll(List.of("--wait", wait));
        }
        return HealthCheck.run(words, System.getenv(), System.out);
    }
}
