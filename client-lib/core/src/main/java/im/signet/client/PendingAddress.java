package im.signet.client;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;

/**
 * An address of the user's to which the server sends a validation token. Immutable. {@link #toString()} shows the session
 * id only.
 */
public final class PendingAddress {
    private final SessionId sessionId;
    private final TokenOrder order;

    PendingAddress(SessionId sessionId, TokenOrder order) {
        this.sessionId = sessionId;
        this.order = order;
    }

    /** Returns the address. */
    public Address address() {
        return order.address();
    }

    /** Returns the id of the validation session at the server. */
    public SessionId sessionId() {
        return sessionId;
    }

    /** Returns the secret of the validation session. */
    public ClientSecret clientSecret() {
        return order.clientSecret();
    }

    /** Returns how often a token was asked for, at least 1. */
    public int sendAttempt() {
        return order.sendAttempt();
    }

    TokenOrder order() {
        return order;
    }

    @Override
    public String toString() {
        return "PendingAddress[" + sessionId + "]";
    }
}
