package im.signet.client;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;

/**
 * An address of the user's to which the server sends a validation token. Immutable. {@link #toString()} shows the session
 * id only.
 */
public final class PendingAddress {
    private final Address address;
    private final SessionId sessionId;
    private final ClientSecret clientSecret;
    private final int sendAttempt;

    PendingAddress(Address address, SessionId sessionId, ClientSecret clientSecret, int sendAttempt) {
        this.address = address;
        this.sessionId = sessionId;
        this.clientSecret = clientSecret;
        this.sendAttempt = sendAttempt;
    }

    /** Returns the address. */
    public Address address() {
        return address;
    }

    /** Returns the id of the validation session at the server. */
    public SessionId sessionId() {
        return sessionId;
    }

    /** Returns the secret of the validation session. */
    public ClientSecret clientSecret() {
        return clientSecret;
    }

    /** Returns how often a token was asked for, at least 1. */
    public int sendAttempt() {
        return sendAttempt;
    }

    @Override
    public String toString() {
        return "PendingAddress[" + sessionId + "]";
    }
}
