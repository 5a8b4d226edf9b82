package im.signet.names.resolution;

import im.signet.names.handle.Handles;
import im.signet.names.handle.RegisteredHandle;
import im.signet.names.identity.IdentityChain;
import im.signet.names.identity.IdentityChains;
import im.signet.names.key.StatusKeys;
import im.signet.names.setting.NamesProperties;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonObject;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

import org.springframework.stereotype.Component;

/** Says what there is to say of a handle now, signed. */
@Component
public final class Resolver {

    // Within an hour the same is said in the same bytes, so that caches and lost answers find nothing new.
    private static final long SAID_EACH_SECONDS = 3600;

    private final Handles handles;
    private final IdentityChains chains;
    private final StatusKeys keys;
    private final NamesProperties names;
    private final Clock clock;

    Resolver(Handles handles, IdentityChains chains, StatusKeys keys, NamesProperties names, Clock clock) {
        this.handles = handles;
        this.chains = chains;
        this.keys = keys;
        this.names = names;
        this.clock = clock;
    }

    /** Returns what is said of a handle. */
    public Resolution resolve(Handle handle) {
        Instant now = clock.instant();
        if (!names.serves(handle.domain())) {
            return new Resolution.Unknown();
        }
        Optional<RegisteredHandle> found = handles.find(handle);
        if (found.isEmpty()) {
            return handles.findQuarantined(handle, now).isPresent()
                    ? new Resolution.Gone()
                    : new Resolution.Unknown();
        }
        RegisteredHandle registered = found.get();
        return switch (registered.lifeAt(now)) {
            case OVER -> !names.reuse() || now.isBefore(registered.endOfQuarantine())
                    ? new Resolution.Gone()
                    : new Resolution.Unknown();
            case SUSPENDED -> suspended("operator", registered, now);
            case WITHDRAWN -> suspended("withdrawn", registered, now);
            case ACTIVE, LAPSED -> found(registered, now);
        };
    }

    /** Returns what is said, once and always the same, of a handle that its owner gave up by that binding at that time. */
    public JsonObject released(Binding release, Jws jws, Instant at) {
        long iat = begun(at);
        Status status = new Status(release.handle(), release.id(), release.seq(), jws.opId(), release.head(),
                Status.State.RELEASED, iat, iat + Status.MAX_LIFE_SECONDS);
        return JsonObject.builder().put("status", keys.sign(status).toJson()).build();
    }

    private Resolution found(RegisteredHandle registered, Instant now) {
        Optional<IdentityChain> chain = chains.find(registered.id());
        if (chain.isEmpty()) {
            return new Resolution.Gone(); // released a moment ago
        }
        Identity identity = chain.get().identity();
        SignedBinding binding = SignedBinding.verify(registered.jws(), identity).orElseThrow();
        Status.State state = state(registered, binding.standing(identity), now);
        Status status = status(registered, identity, state, now);
        boolean restored = chains.isRestored(registered.id());
        JsonObject.Builder bundle = JsonObject.builder()
                .put("binding", registered.jws().toJson())
                .put("identity", chain.get().toJson(0))
                .put("status", keys.sign(status).toJson());
        if (restored) {
            bundle.put("restored", true);
        }
        // Each part of what is said is in the status, and all of it follows from these.
        String etag = String.join(".", status.opId().value(), status.head().value(), state.wireName(),
                Long.toString(status.iat())) + (restored ? ".restored" : "");
        return new Resolution.Found(binding, identity, state, bundle.build(), etag);
    }

    private static Status.State state(RegisteredHandle registered, SignedBinding.Standing standing, Instant now) {
        if (registered.lifeAt(now) == RegisteredHandle.Life.LAPSED) {
            return Status.State.LAPSED;
        }
        if (!registered.active()) {
            return Status.State.MOVED;
        }
        return standing == SignedBinding.Standing.FRESH ? Status.State.ACTIVE : Status.State.STALE;
    }

    private Resolution suspended(String reason, RegisteredHandle registered, Instant now) {
        return chains.find(registered.id())
                .<Resolution>map(chain -> new Resolution.Suspended(reason,
                        keys.sign(status(registered, chain.identity(), Status.State.SUSPENDED, now)).toJson()))
                .orElseGet(Resolution.Gone::new);
    }

    private static Status status(RegisteredHandle registered, Identity identity, Status.State state, Instant now) {
        long iat = begun(now);
        return new Status(registered.handle(), registered.id(), registered.seq(), registered.opId(), identity.head(),
                state, iat, iat + Status.MAX_LIFE_SECONDS);
    }

    private static long begun(Instant now) {
        long seconds = now.getEpochSecond();
        return seconds - Math.floorMod(seconds, SAID_EACH_SECONDS);
    }
}
