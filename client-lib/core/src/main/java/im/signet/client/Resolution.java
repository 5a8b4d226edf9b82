package im.signet.client;

import im.signet.client.handle.Alarm;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Status;

import java.time.Instant;
import java.util.Optional;

/** What came of looking a handle up. Whatever it is, it validates nobody. */
public sealed interface Resolution
        permits
        Resolution.Found,
        Resolution.Moved,
        Resolution.NotFound,
        Resolution.Gone,
        Resolution.Alarmed,
        Resolution.Untimely,
        Resolution.NotTheSame,
        Failure {
    /**
     * The handle names an identity that agreed to be named, if only as stale; nothing contradicts what was pinned.
     *
     * @param handle what was found; keep its pin
     */
    record Found(ResolvedHandle handle) implements Resolution {}

    /**
     * Its owner has moved to another handle, which nobody was asked for yet: see {@link HandleDirectory#follow}.
     *
     * @param handle what was found; keep its pin
     * @param to     where the owner says to have gone
     */
    record Moved(ResolvedHandle handle, Handle to) implements Resolution {}

    /** Nobody has this handle; nothing was pinned. */
    record NotFound() implements Resolution {}

    /**
     * The handle does not resolve; nothing was pinned.
     *
     * @param why    what the server says
     * @param status what it has signed of it; empty when nothing that counts
     */
    record Gone(Alarm.Gone why, Optional<Status> status) implements Resolution {}

    /**
     * The handle is not what it was when it was pinned. Show it to the user; keep the old pin.
     *
     * @param alarm what happened
     */
    record Alarmed(Alarm alarm) implements Resolution {}

    /**
     * What the server says does not hold now: it or somebody in between plays an old answer back, or one of the clocks is
     * wrong. Nothing in it was used.
     *
     * @param from  since when it holds
     * @param until when it ends
     */
    record Untimely(Instant from, Instant until) implements Resolution {}

    /**
     * The handle to which another one is said to have moved does not name the same identity, or is not active and fresh
     * itself. Do not follow.
     *
     * @param to what was found there
     */
    record NotTheSame(ResolvedHandle to) implements Resolution {}
}
