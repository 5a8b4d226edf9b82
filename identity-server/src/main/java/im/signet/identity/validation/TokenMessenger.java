package im.signet.identity.validation;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.page.Audience;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Sends the token of a validation session to the address that is to be proven, and to its owner what only they may do. There
 * is one for each medium.
 */
public interface TokenMessenger {

    /** Returns the medium whose addresses it reaches. */
    Medium medium();

    /** Returns whether the operator has set the medium up. */
    boolean isSetUp();

    /**
     * Returns whether a message to that address can be taken now: not where the operator has not set it up, nor while too
     * many wait already, nor where what carries them is known not to take such addresses.
     */
    boolean canSend(Address to);

    /** Returns whether the operator lets messages be sent to that address. */
    default boolean reaches(Address to) {
        return true;
    }

    /**
     * Returns how long a token can be used, where people type it: then it is a code of six digits. Empty where it travels
     * in a link: then it is long, and lives as long as its session.
     */
    default Optional<Duration> codeLifetime() {
        return Optional.empty();
    }

    /**
     * Takes a token to be sent, within the running transaction; it is sent afterwards, never inside a request.
     *
     * @param asker     whose token asked for it; the message names them
     * @param token     the token itself, for media where people type it
     * @param link      the page that confirms, with the token
     * @param audience  who is to read it
     * @param expiresAt when the token is worth nothing any more
     */
    void send(Address to, UserId asker, String token, String link, Audience audience, Instant expiresAt);

    /**
     * Takes a link to be sent by which the owner of a bound address confirms that their time here ends, within the running
     * transaction.
     */
    void sendConfirmation(Address to, UserId user, ConfirmationLink link, Instant expiresAt);
}
