package im.signet.identity.key;

import im.signet.kit.key.KeyRing;
import im.signet.kit.key.PublicSeeds;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.VerifyKey;

import java.util.List;
import java.util.Optional;

/** The long-term keys of this server: the last one signs, all remain valid. */
public final class SigningKeys {

    private final ServerName server;
    private final List<SigningKey> keys;

    /**
     * Takes the keys of a ring, whose ids are key ids such as {@code ed25519:a1b2c3}.
     *
     * @throws UnusableSettingException when {@link #check} refuses one of them
     */
    public SigningKeys(ServerName server, KeyRing ring) {
        ring.all().forEach(SigningKeys::check);
        this.server = server;
        this.keys = ring.all().stream().map(key -> SigningKey.fromSeed(KeyId.of(key.id()), key.bytes())).toList();
    }

    /**
     * Refuses a key that this server must not sign with: one whose id nobody could verify, or that everybody knows.
     *
     * @throws UnusableSettingException which names the key
     */
    public static void check(KeyRing.Key key) {
        boolean named = KeyId.parse(key.id()) instanceof Parsed.Ok<KeyId>(KeyId id)
                && id.algorithm().equals(KeyId.ED25519);
        if (!named) {
            throw new UnusableSettingException(
                    "The signing key '" + key.id() + "' is not called 'ed25519:' and letters, digits or '_'.",
                    "Give it the id that it signed with, such as ed25519:0; a new key may have any.");
        }
        PublicSeeds.refuse(key);
    }

    /** Returns the object with this server's signature under its current key added. */
    public JsonObject sign(JsonObject object) {
        return SignedJson.sign(object, server, keys.getLast());
    }

    /** Returns the id of the key that signs now, for what must be signed by the same key later. */
    public KeyId current() {
        return keys.getLast().id();
    }

    /** Returns the object with this server's signature under that key added, which need not be the current one. */
    public JsonObject signWith(KeyId id, JsonObject object) {
        SigningKey key = keys.stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this server has no signing key " + id));
        return SignedJson.sign(object, server, key);
    }

    /** Returns the public half of a key; empty when there is no key of that id. */
    public Optional<VerifyKey> publicKey(KeyId id) {
        return keys.stream().filter(key -> key.id().equals(id)).map(SigningKey::verifyKey).findFirst();
    }

    /** Returns whether this is the public half of one of the keys. */
    boolean isOurs(VerifyKey publicKey) {
        return keys.stream().anyMatch(key -> key.verifyKey().equals(publicKey));
    }
}
