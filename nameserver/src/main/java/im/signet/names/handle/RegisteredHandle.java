package im.signet.names.handle;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.OpId;

import java.time.Duration;
import java.time.Instant;

/**
 * A handle that somebody has, and its newest binding.
 *
 * @param handle       the handle
 * @param id           the identity that it names
 * @param seq          the seq of the binding
 * @param opId         the binding's name
 * @param jws          the binding
 * @param active       whether the binding is active; else the handle moved
 * @param expiresAt    when the binding ends
 * @param registeredAt when the handle was registered
 * @param agreedAt     when its owner's account had last to do with it
 * @param reclaimed    whether it was its owner's before
 * @param suspended    whether the operator has suspended it
 * @param withdrawn    whether its owner has taken their consent back
 */
public record RegisteredHandle(Handle handle, IdentityId id, long seq, OpId opId, Jws jws, boolean active,
        Instant expiresAt, Instant registeredAt, Instant agreedAt, boolean reclaimed, boolean suspended,
        boolean withdrawn) {

    /** How long a handle still resolves when its binding has ended. */
    static final Duration LAPSED = Duration.ofDays(30);
    /** How long nobody else gets it afterwards, or after a release. */
    static final Duration QUARANTINE = Duration.ofDays(365);
    /** The same, for what was released this soon after it was first registered. */
    static final Duration SHORT_QUARANTINE = Duration.ofDays(7);

    /** What a handle that somebody has is at a time. */
    public enum Life {
        /** It resolves. */
        ACTIVE,
        /** Its binding has ended; it still resolves, and says so. */
        LAPSED,
        /** It does not resolve until the operator allows it, or never. */
        SUSPENDED,
        /** It does not resolve until its owner comes back. */
        WITHDRAWN,
        /** It is its owner's no longer, whether a job has seen to that or not. */
        OVER
    }

    /** Returns what the handle is at that time. */
    public Life lifeAt(Instant now) {
        return lifeAt(now, expiresAt, suspended, withdrawn);
    }

    /** Returns what a handle of such a row is at that time. */
    static Life lifeAt(Instant now, Instant expiresAt, boolean suspended, boolean withdrawn) {
        if (suspended) {
            return Life.SUSPENDED;
        }
        if (!now.isBefore(expiresAt.plus(LAPSED))) {
            return Life.OVER;
        }
        if (withdrawn) {
            return Life.WITHDRAWN;
        }
        return now.isBefore(expiresAt) ? Life.ACTIVE : Life.LAPSED;
    }

    /** Returns when the quarantine ends that begins when the handle has lapsed for long enough. */
    public Instant endOfQuarantine() {
        return expiresAt.plus(LAPSED).plus(QUARANTINE);
    }

    /** Returns when the quarantine ends when the handle is released at that time. */
    Instant endOfQuarantine(Instant released) {
        boolean soon = !reclaimed && released.isBefore(registeredAt.plus(SHORT_QUARANTINE));
        return released.plus(soon ? SHORT_QUARANTINE : QUARANTINE);
    }
}
