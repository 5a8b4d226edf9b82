package im.signet.kit.homeserver;

import java.time.Duration;

/** The moment by which a call that consists of several steps has to be over, on the machine's monotonic timer. */
final class Deadline {

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Returns what is left, at most {@code limit} and never negative. */
    Duration left(Duration limit) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return left.compareTo(limit) < 0 ? left : limit;
    }
}
