package im.signet.client;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;

import java.time.Instant;

/**
 * An address of which the server has seen that it is the user's. There is no other way to one than {@link Proof.Proven}.
 * {@link #toString()} shows the session id only.
 */
public final class ProvenAddress {
    private final PendingAddress pending;
    private final Instant provenAt;

    ProvenAddress(PendingAddress pending, Instant provenAt) {
        this.pending = pending;
        this.provenAt = provenAt;
    }

    /** Returns the address. */
    public Address address() {
        return pending.address();
    }

    /** Returns the id of the validation session, which a homeserver asks for when it shall bind. */
    public SessionId sessionId() {
        return pending.sessionId();
    }

    /** Returns the secret of the validation session, which a homeserver asks for when it shall bind. */
    public ClientSecret clientSecret() {
        return pending.clientSecret();
    }

    /** Returns when, by the server's clock. */
    public Instant provenAt() {
        return provenAt;
    }

    /** Returns the address as it was before it was proven, which can be stored and its proof asked for again. */
    public PendingAddress pending() {
        return pending;
    }

    @Override
    public String toString() {
        return "ProvenAddress[" + sessionId() + "]";
    }
}
