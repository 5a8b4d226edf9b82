package im.signet.demo;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/**
 * The signing keys of the demonstration homeserver and the object that publishes them. Safe for use by several threads. See
 * <a href="https://spec.matrix.org/latest/server-server-api/#publishing-keys">Server-Server API</a>.
 */
final class ServerKeys {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final ServerName name;
    private final Clock clock;
    private final SecureRandom random;
    private SigningKey current;
    private JsonObject old = JsonObject.of();
    private int made;

    ServerKeys(ServerName name, Clock clock, SecureRandom random) {
        this.name = name;
        this.clock = clock;
        this.random = random;
        this.current = newKey();
    }

    synchronized SigningKey current() {
        return current;
    }

    synchronized void rotate() {
        JsonObject retired = JsonObject.builder()
                .put("key", current.verifyKey().encoded())
                .put("expired_ts", clock.millis())
                .build();
        old = old.with(current.id().toString(), retired);
        current = newKey();
    }

    synchronized JsonObject published() {
        JsonObject key = JsonObject.builder().put("key", current.verifyKey().encoded()).build();
        JsonObject keys = JsonObject.builder()
                .put("server_name", name.value())
                .put("verify_keys", JsonObject.builder().put(current.id().toString(), key).build())
                .put("old_verify_keys", old)
                .put("valid_until_ts", clock.instant().plus(VALIDITY).toEpochMilli())
                .build();
        return SignedJson.sign(keys, name, current);
    }

    private SigningKey newKey() {
        return SigningKey.generate(new KeyId(KeyId.ED25519, "demo" + made++), random);
    }
}
