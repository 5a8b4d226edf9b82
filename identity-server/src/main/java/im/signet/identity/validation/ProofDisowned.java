package im.signet.identity.validation;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;

/**
 * The owner of an address said of a session that it was not them, after it was validated: what it proved is worth nothing.
 * Published within the transaction that closes the session: a listener that fails leaves it open.
 *
 * @param user     who asked for the session
 * @param provenAt when it was validated
 */
public record ProofDisowned(UserId user, Address address, Instant provenAt) {

    @Override
    public String toString() {
        return "ProofDisowned[" + provenAt + "]";
    }
}
