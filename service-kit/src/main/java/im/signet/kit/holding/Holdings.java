package im.signet.kit.holding;

import im.signet.protocol.identifier.UserId;

import java.time.Instant;
import java.util.List;

/** What one service keeps of its users. Each method throws when the service, or its database, cannot be reached. */
public interface Holdings {

    /** Returns the name of the service, such as {@code identity}. */
    String service();

    /** Returns what the service keeps of a user, redacted: whoever holds a token of theirs gets to see it. */
    List<Holding> of(UserId user);

    /**
     * Sends a link to an address that the user holds, so that its owner can confirm.
     *
     * @param id the {@link Holding#id()} of the address
     * @return whether it will be sent: false when the user does not hold that address (any more), or too much was sent there
     */
    boolean send(UserId user, String id, ConfirmationLink link);

    /**
     * Ends what depends on the user's consent. Once more does no harm.
     *
     * @param before what the service came to keep from that instant on stays: the user has come back since, and this was
     *               delayed
     */
    void end(UserId user, Ending ending, Instant before);
}
