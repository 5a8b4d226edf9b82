package im.signet.bench.faults;

import im.signet.demo.CaughtMail;
import im.signet.demo.MailCatcher;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sees every mail that arrives, and when. Safe for use by several threads. */
final class MailLog implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final MailCatcher catcher;
    private final Clock clock;
    private final Map<String, List<Mail>> byAddress = new ConcurrentHashMap<>();
    private final Thread thread;
    private int seen;

    private MailLog(MailCatcher catcher, Clock clock) {
        this.catcher = catcher;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("mail-log").unstarted(this::watch);
    }

    static MailLog of(MailCatcher catcher, Clock clock) {
        MailLog log = new MailLog(catcher, clock);
        log.thread.start();
        return log;
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        List<CaughtMail> all = catcher.mails();
        for (CaughtMail mail : all.subList(seen, all.size())) {
            for (String to : mail.recipients()) {
                byAddress.computeIfAbsent(to, _ -> new CopyOnWriteArrayList<>())
                        .add(new Mail(clock.instant(), to, mail.header("Message-ID").orElse("none"), mail.links()));
            }
        }
        seen = all.size();
    }

    /** Returns all mails so far. */
    List<Mail> all() {
        look();
        List<Mail> all = new ArrayList<>();
        byAddress.values().forEach(all::addAll);
        return all;
    }

    /** Returns the newest link in a mail to that address whose text holds all of these. */
    Optional<URI> link(String address, String... parts) {
        return byAddress.getOrDefault(address, List.of())
                .reversed()
                .stream()
                .flatMap(mail -> mail.links().stream())
                .filter(link -> List.of(parts).stream().allMatch(part -> link.toString().contains(part)))
                .findFirst();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
