package im.signet.identity.lookup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A clock that a test moves; between its moves it stands, or goes on as clocks do. */
final class MovableClock extends Clock {

    private final Supplier<Instant> base;
    private final AtomicReference<Duration> moved = new AtomicReference<>(Duration.ZERO);

    private MovableClock(Supplier<Instant> base) {
        this.base = base;
    }

    static MovableClock standing() {
        return new MovableClock(() -> Instant.parse("2026-11-21T12:00:00Z"));
    }

    static MovableClock ticking() {
        return new MovableClock(Clock.systemUTC()::instant);
    }

    void advance(Duration by) {
        moved.updateAndGet(before -> before.plus(by));
    }

    @Override
    public Instant instant() {
        return base.get().plus(moved.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
