package im.signet.kit.homeserver;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a homeserver of a test publishes at {@code /_matrix/key/v2/server}, right or wrong. */
record PublishedKeys(ServerName server, Instant until, List<SigningKey> listed, List<SigningKey> old,
        List<SigningKey> signers) {

    static SigningKey key(String id) {
        return SigningKey.generate(KeyId.of(id), new SecureRandom());
    }

    /** Publishes these keys until then, each signed by itself. */
    static PublishedKeys of(ServerName server, Instant until, SigningKey... keys) {
        return new PublishedKeys(server, until, List.of(keys), List.of(), List.of(keys));
    }

    PublishedKeys withOld(SigningKey key) {
        List<SigningKey> more = new ArrayList<>(signers);
        more.add(key);
        return new PublishedKeys(server, until, listed, List.of(key), more);
    }

    PublishedKeys signedBy(SigningKey... keys) {
        return new PublishedKeys(server, until, listed, old, List.of(keys));
    }

    String json() {
        return StrictJson.write(toJson());
    }

    JsonObject toJson() {
        JsonObject json = JsonObject.builder()
                .put("server_name", server.value())
                .put("verify_keys", members(listed, false))
                .put("old_verify_keys", members(old, true))
                .put("valid_until_ts", until.toEpochMilli())
                .build();
        for (SigningKey signer : signers) {
            json = SignedJson.sign(json, server, signer);
        }
        return json;
    }

    private static JsonObject members(List<SigningKey> keys, boolean expired) {
        JsonObject.Builder members = JsonObject.builder();
        for (SigningKey key : keys) {
            JsonObject.Builder member = JsonObject.builder().put("key", key.verifyKey().encoded());
            members.put(key.id().toString(), expired ? member.put("expired_ts", 1).build() : member.build());
        }
        return members.build();
    }
}
