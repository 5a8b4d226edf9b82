package im.signet.client.handle;

import im.signet.protocol.handle.Reason;

import java.util.Optional;

/**
 * That a handle is not what it was when it was pinned. The identity that was pinned keeps whatever state it has; what is
 * shown now is not to be believed before the user has decided. Nothing is decided here.
 */
public sealed interface Alarm {
    /** Returns what was pinned. */
    Pin pinned();

    /** Returns what proves that somebody lied; empty when nothing does. */
    default Optional<Evidence> evidence() {
        return Optional.empty();
    }

    /**
     * The handle names another identity.
     *
     * @param pinned   what was pinned
     * @param now      what it names now, correctly signed
     * @param evidence that the nameserver contradicts itself by it, if it does
     */
    record OtherIdentity(Pin pinned, ResolvedHandle now, Optional<Evidence> evidence) implements Alarm {}

    /**
     * The server shows less than what it showed before: a shorter chain, or an older binding.
     *
     * @param pinned   what was pinned
     * @param evidence that the nameserver contradicts itself by it, if it does
     */
    record WentBack(Pin pinned, Optional<Evidence> evidence) implements Alarm {}

    /**
     * Keys of the identity signed two histories, or two bindings in one place.
     *
     * @param pinned what was pinned
     * @param proof  what proves it
     */
    record ContradictsItself(Pin pinned, Evidence proof) implements Alarm {
        @Override
        public Optional<Evidence> evidence() {
            return Optional.of(proof);
        }
    }

    /**
     * The new binding is signed, but may not come after the pinned one: a thief of a device takes back what its owner moved
     * or released, for one.
     *
     * @param pinned what was pinned
     * @param why    the rule that it breaks
     */
    record DoesNotFollow(Pin pinned, Reason why) implements Alarm {}

    /**
     * The domain names another nameserver, or one with other keys. It was asked nothing. When the user agrees, resolve again
     * with {@link #agreed}.
     *
     * @param pinned what was pinned
     * @param now    what the domain says now
     */
    record NameserverChanged(Pin pinned, Nameserver now) implements Alarm {
        /** Returns the same pin with the new nameserver. Call this when the user has agreed to the change. */
        public Pin agreed() {
            return pinned.at(now);
        }
    }

    /**
     * The nameserver signed a status that contradicts the one that was pinned.
     *
     * @param pinned what was pinned
     * @param now    what it says now
     * @param proof  what proves it
     */
    record NameserverLied(Pin pinned, ResolvedHandle now, Evidence proof) implements Alarm {
        @Override
        public Optional<Evidence> evidence() {
            return Optional.of(proof);
        }
    }

    /**
     * The handle does not resolve any more.
     *
     * @param pinned   what was pinned
     * @param why      what the server says of it; {@link Gone#UNKNOWN} when it claims to know nothing
     * @param evidence that the nameserver contradicts itself by it, if it does
     */
    record Vanished(Pin pinned, Gone why, Optional<Evidence> evidence) implements Alarm {}

    /** Why a handle does not resolve, as its nameserver says; not signed but for a suspension. */
    enum Gone {
        /** There is no such handle, or no nameserver. */
        UNKNOWN,
        /** It was given up, or ran out, and nobody has it. */
        GIVEN_UP,
        /** The operator has suspended it. */
        SUSPENDED,
        /** Its owner has withdrawn the consent by which it was shown. */
        WITHDRAWN
    }
}
