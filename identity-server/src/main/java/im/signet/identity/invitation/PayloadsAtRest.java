package im.signet.identity.invitation;

import im.signet.kit.key.Sealing;

/** How payloads are stored: sealed, each for its invitation, so that an envelope does not open as another one's. */
final class PayloadsAtRest {

    private final Sealing sealing;

    PayloadsAtRest(Sealing sealing) {
        this.sealing = sealing;
    }

    byte[] seal(Payload payload, String token) {
        return sealing.seal(payload.toBytes(), token);
    }

    Payload open(StoredInvitation invitation) {
        return Payload.of(sealing.open(invitation.payloadSealed(), invitation.token()));
    }
}
