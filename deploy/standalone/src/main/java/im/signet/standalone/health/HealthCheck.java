package im.signet.standalone.health;

import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Asks a running server whether it is ready: what a container's health check calls, with nothing but the JDK, so that it costs
 * little however often it is asked. It ends with 0 when the server is ready, with 1 when it is not, with 64 when called wrongly.
 */
public final class HealthCheck {

    private static final int READY = 0;
    private static final int NOT_READY = 1;
    private static final int EX_USAGE = 64;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 200;

    private final URI url;
    private final Duration patience;
    private final boolean anyAnswer;

    private HealthCheck(URI url, Duration patience, boolean anyAnswer) {
        this.url = url;
        this.patience = patience;
        this.anyAnswer = anyAnswer;
    }

    /** Runs it with the words after {@code health}, or {@code health} before them, and ends the process. */
    public static void main(String[] args) {
        List<String> words = List.of(args);
        System.exit(run(!words.isEmpty() && words.getFirst().equals("health") ? words.subList(1, words.size()) : words,
                System.getenv(), System.out));
    }

    /** Runs {@code [--url URL] [--wait SECONDS]} and returns the status to end with. */
    static int run(List<String> words, Map<String, String> environment, PrintStream out) {
        String management = environment.getOrDefault("MANAGEMENT_SERVER_PORT", "");
        boolean isClosed = management.isEmpty() || management.startsWith("-");
        URI url = isClosed
                ? local(environment.getOrDefault("SERVER_PORT", "8090"), "/_matrix/identity/v2")
                : local(management, "/actuator/health/readiness");
        // The public port says only that somebody is there; a service that runs apart does not know that path.
        boolean anyAnswer = isClosed;
        Duration patience = Duration.ZERO;
        for (int i = 0; i < words.size(); i += 2) {
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            try {
                switch (words.get(i)) {
                    case "--url" -> {
                        url = httpUrl(value);
                        anyAnswer = false;
                    }
                    case "--wait" -> patience = Duration.ofSeconds(Integer.parseUnsignedInt(value));
                    default -> throw new IllegalArgumentException("there is no option '" + words.get(i) + "'");
                }
            } catch (NumberFormatException notSeconds) {
                out.println("signet: --wait takes a number of seconds");
                return EX_USAGE;
            } catch (IllegalArgumentException misuse) {
                out.println("signet: " + misuse.getMessage() + "; it is: signet health [--url URL] [--wait SECONDS]");
                return EX_USAGE;
            }
        }
        return new HealthCheck(url, patience, anyAnswer).run(out);
    }

    private static URI local(String port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static URI httpUrl(String text) {
        URI url = URI.create(text);
        if (!List.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
            throw new IllegalArgumentException("--url takes an http or https URL");
        }
        return url;
    }

    private int run(PrintStream out) {
        long start = System.nanoTime();
        String answer = ask();
        while (!answer.isEmpty() && System.nanoTime() - start < patience.toNanos()) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return NOT_READY;
            }
            answer = ask();
        }
        out.println(answer.isEmpty() ? "ready" : answer);
        return answer.isEmpty() ? READY : NOT_READY;
    }

    /** Returns what is wrong; empty when nothing is. */
    private String ask() {
        try {
            if (!(url.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection connection)) {
                return "not ready: " + url + " is not HTTP";
            }
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            int status = connection.getResponseCode();
            connection.disconnect();
            boolean isServing = anyAnswer
                    ? status < HttpURLConnection.HTTP_INTERNAL_ERROR
                    : status == HttpURLConnection.HTTP_OK;
            return isServing ? "" : "not ready: " + url + " answers " + status;
        } catch (IOException unreachable) {
            return "not ready: nobody answers at " + url;
        }
    }
}
