package im.signet.standalone.doctor;

import im.signet.kit.settings.UnusableSettingException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has all checks look at a server, side by side, each for a limited time. */
final class Examination {

    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    private static final List<Check> CHECKS = List.of(new ConfigurationCheck(), new FilesCheck(), new DiskCheck(),
            new DatabaseCheck(), new SchemaCheck(), new DnsCheck(), new TlsCheck(), new PublicUrlCheck(),
            new ProxyCheck(), new HomeserverCheck(), new HandleDomainCheck(), new MailCheck(), new SmsCheck(),
            new ManagementCheck());

    private Examination() {}

    /** Returns what all checks found, in their order. */
    static List<Diagnosis> of(Patient patient) throws InterruptedException {
        return of(patient, CHECKS, TIME_LIMIT);
    }

    static List<Diagnosis> of(Patient patient, List<Check> checks, Duration timeLimit) throws InterruptedException {
        List<Diagnosis> all = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool(task -> Thread.ofPlatform().daemon().unstarted(task));
        try {
            List<Future<List<Diagnosis>>> underWay = checks.stream()
                    .map(check -> threads.submit(() -> check.look(patient)))
                    .toList();
            long end = System.nanoTime() + timeLimit.toNanos();
            for (int i = 0; i < checks.size(); i++) {
                all.addAll(result(checks.get(i), underWay.get(i), end - System.nanoTime()));
            }
        } finally {
            threads.shutdownNow();
        }
        return List.copyOf(all);
    }

    private static List<Diagnosis> result(Check check, Future<List<Diagnosis>> result, long nanosLeft)
            throws InterruptedException {
        try {
            return result.get(Math.max(1, nanosLeft), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return List.of(Diagnosis.fail(check.what(), "this took too long and was given up.",
                    "Look at what it has to reach, and run it again."));
        } catch (ExecutionException failed) {
            return List.of(failed.getCause() instanceof UnusableSettingException wrong
                    ? Diagnosis.fail(check.what(), String.valueOf(wrong.getMessage()), wrong.mend())
                    // What the message of an exception quotes may be a secret.
                    : Diagnosis.fail(check.what(), "this could not be looked at ("
                            + String.valueOf(failed.getCause()).split("[:\\s]", 2)[0] + ").",
                            "Mend what the other lines say, and run it again."));
        }
    }
}
