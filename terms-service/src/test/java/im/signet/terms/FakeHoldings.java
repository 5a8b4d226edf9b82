package im.signet.terms;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that keeps what a test says, and can be down. Several letters may reach it at once. */
final class FakeHoldings implements Holdings {

    /** A link that was to be sent. */
    record Sent(UserId user, String id, ConfirmationLink link) {}

    /** A call to end something. */
    record Ended(UserId user, Ending ending, Instant before) {}

    private final String service;
    private final Map<UserId, List<Holding>> kept = new ConcurrentHashMap<>();
    final List<Sent> sent = new CopyOnWriteArrayList<>();
    final List<Ended> ended = new CopyOnWriteArrayList<>();
    volatile boolean down;
    volatile boolean willing = true;

    FakeHoldings(String service) {
        this.service = service;
    }

    void keep(UserId user, String id, String shown, Instant since) {
        kept.computeIfAbsent(user, _ -> new CopyOnWriteArrayList<>()).add(new Holding(id, "email", shown, true, since));
    }

    private void answer() {
        if (down) {
            throw new IllegalStateException("the service is down");
        }
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public List<Holding> of(UserId user) {
        answer();
        return List.copyOf(kept.getOrDefault(user, List.of()));
    }

    @Override
    public boolean send(UserId user, String id, ConfirmationLink link) {
        answer();
        if (!willing || of(user).stream().noneMatch(holding -> holding.id().equals(id))) {
            return false;
        }
        sent.add(new Sent(user, id, link));
        return true;
    }

    @Override
    public void end(UserId user, Ending ending, Instant before) {
        answer();
        ended.add(new Ended(user, ending, before));
        kept.getOrDefault(user, new CopyOnWriteArrayList<>()).removeIf(holding -> holding.since().isBefore(before));
    }
}
