package im.signet.identity.invitation;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What an invitation says, which nobody but this server reads while it waits.
 *
 * @param roomName  the room's name as it may be shown; empty when it is not known
 * @param space     whether the room is a space
 * @param ephemeral the seed of the key that was made for this invitation
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Payload(UserId sender, String roomId, String roomName, boolean space, byte[] ephemeral) {

    /** Returns whether this is the key that was made for the invitation; takes as long for any other. */
    boolean isKeyedBy(SigningKey key) {
        return MessageDigest.isEqual(ephemeral, key.seed());
    }

    byte[] toBytes() {
        return StrictJson.write(JsonObject.builder()
                .put("sender", sender.value())
                .put("room_id", roomId)
                .put("room_name", roomName)
                .put("space", space)
                .put("ephemeral", UnpaddedBase64.encode(ephemeral))
                .build()).getBytes(StandardCharsets.UTF_8);
    }

    static Payload of(byte[] bytes) {
        JsonObject json = StrictJson.parseObject(bytes).orElseThrow();
        return new Payload(UserId.of(json.string("sender").orElseThrow()), json.string("room_id").orElseThrow(),
                json.string("room_name").orElseThrow(), json.bool("space").orElseThrow(),
                UnpaddedBase64.decode(json.string("ephemeral").orElseThrow()).orElseThrow());
    }

    @Override
    public String toString() {
        return "Payload[hidden]";
    }
}
