package im.signet.identity.invitation;

import im.signet.protocol.identifier.UserId;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An invitation as the database holds it.
 *
 * @param payloadSealed its {@link Payload}
 * @param signingKey    the id of the long-term key whose public half the inviter was given
 * @param assignedTo    whom the address was bound to since; nobody else can have the invitation any more
 * @param delivery      which letter to that user's homeserver it travels in
 * @param refusals      how often the homeserver refused it
 */
@Table(schema = "identity", name = "invitation")
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredInvitation(@Id String token, byte[] addressSealed, byte[] payloadSealed, String signingKey,
        @Nullable String assignedTo, @Nullable String delivery, int refusals) {

    /** Returns whether the invitation may still be this user's. */
    boolean isOpenTo(UserId user) {
        return Optional.ofNullable(assignedTo).map(user.value()::equals).orElse(true);
    }
}
