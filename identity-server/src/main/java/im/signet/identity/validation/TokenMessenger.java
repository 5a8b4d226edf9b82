package im.signet.identity.validation;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;

/** Sends the token of a validation session to the address that is to be proven. */
public interface TokenMessenger {

    /** Returns whether tokens can be sent at all: whether the operator has set it up. */
    boolean isConfigured();

    /**
     * Takes a token to be sent, within the running transaction; it is sent afterwards, never inside a request.
     *
     * @param asker     whose token asked for it; the message names them
     * @param link      the page that confirms
     * @param expiresAt when the token is worth nothing any more
     */
    void send(Address to, UserId asker, String link, Instant expiresAt);
}
