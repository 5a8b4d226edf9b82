package im.signet.names.handle;

import im.signet.names.store.NameHashes;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.OpId;

import java.time.Instant;
import java.util.List;

/**
 * A handle that nobody has and only one identity can get again. All that is known of either is keyed hashes, so that it can
 * be asked about and not read.
 */
public final class Quarantined {

    private final NameHashes hashes;
    private final Handle handle;
    private final byte[] idHash;
    private final byte[] lastHash;
    private final byte[] chainHash;
    private final boolean wasActive;
    private final Instant beganAt;

    Quarantined(NameHashes hashes, Handle handle, byte[] idHash, byte[] lastHash, byte[] chainHash, boolean wasActive,
            Instant beganAt) {
        this.hashes = hashes;
        this.handle = handle;
        this.idHash = idHash;
        this.lastHash = lastHash;
        this.chainHash = chainHash;
        this.wasActive = wasActive;
        this.beganAt = beganAt;
    }

    static byte[] idHash(NameHashes hashes, Handle handle, IdentityId id) {
        return hashes.store("quarantine-id", handle.toString(), id.value());
    }

    static byte[] lastHash(NameHashes hashes, Handle handle, IdentityId id, long seq, OpId opId) {
        return hashes.store("quarantine-last", handle.toString(), id.value(), Long.toString(seq), opId.value());
    }

    static byte[] chainHash(NameHashes hashes, Handle handle, IdentityId id, long seq, OpId head) {
        return hashes.store("quarantine-chain", handle.toString(), id.value(), Long.toString(seq), head.value());
    }

    /** Returns whether that identity can get the handle again. */
    public boolean isOf(IdentityId id) {
        return hashes.matches(idHash, "quarantine-id", handle.toString(), id.value());
    }

    /** Returns whether this is the binding that the handle had last. */
    public boolean endedWith(IdentityId id, long seq, OpId opId) {
        return hashes.matches(lastHash, "quarantine-last", handle.toString(), id.value(), Long.toString(seq),
                opId.value());
    }

    /** Returns whether the binding goes on from the one that the handle had last. */
    public boolean isFollowedBy(Binding next) {
        return next.prev().isPresent() && endedWith(next.id(), next.seq() - 1, next.prev().get());
    }

    /** Returns whether the chain goes on from the newest that the handle had. */
    public boolean isWithin(IdentityId id, List<Jws> chain) {
        for (int seq = 0; seq < chain.size(); seq++) {
            if (hashes.matches(chainHash, "quarantine-chain", handle.toString(), id.value(), Integer.toString(seq),
                    chain.get(seq).opId().value())) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether its last binding was active: then a device can go on, else a recovery key only. */
    public boolean wasActive() {
        return wasActive;
    }

    /** Returns when it was given up. */
    public Instant beganAt() {
        return beganAt;
    }
}
