package im.signet.identity.invitation;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

/**
 * An invitation as an inviter's homeserver stores it. Texts are as they came; what is not known is empty.
 *
 * @param senderName the sender's display name
 * @param roomType   the type of the room, such as {@code m.space}
 * @param webClient  where the inviter's web client is
 */
record NewInvitation(UserId sender, String senderName, Address address, String roomId, String roomName,
        String roomAvatar, String roomType, String webClient) {

    @Override
    public String toString() {
        return "NewInvitation[" + sender + "]";
    }
}
