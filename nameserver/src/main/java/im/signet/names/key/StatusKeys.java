package im.signet.names.key;

import im.signet.kit.key.KeyRing;
import im.signet.kit.key.PublicSeeds;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonArray;

import java.util.List;

/** The keys that sign what this server says of handles: the last one signs, all stay published. */
public final class StatusKeys {

    private final List<JwsSigner> signers;

    /**
     * Takes the keys of a ring.
     *
     * @throws im.signet.kit.settings.UnusableSettingException when one of them is a public test key
     */
    public StatusKeys(KeyRing ring) {
        ring.all().forEach(PublicSeeds::refuse);
        this.signers = ring.all().stream().map(key -> JwsSigner.fromSeed(key.bytes())).toList();
    }

    /** Returns the status signed with the current key. */
    public Jws sign(Status status) {
        return status.sign(signers.getLast());
    }

    /** Returns the public halves as JWKs, the current one last. */
    public JsonArray published() {
        return JsonArray.of(signers.stream().map(JwsSigner::key).map(JwsKey::toJwk).toList());
    }
}
