package im.signet.protocol.handle;

import im.signet.protocol.json.CanonicalJson;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a binding says: that a handle names an identity, in the words of the identity itself. Short-lived, with a sequence
 * of its own for each handle and identity; the chain of the identity knows nothing of it. See
 * {@code docs/spec/handles.md}, section 5.1.
 *
 * @param handle the handle
 * @param id     the identity that it names
 * @param seq    0 for the first, then one more each time
 * @param prev   the binding before it; empty for the first
 * @param head   the newest operation of the identity when it was signed
 * @param hs     the seq of that operation
 * @param epoch  the epoch of the identity after that operation
 * @param state  what became of the handle
 * @param to     where it moved, when it did
 * @param iat    when it was signed, in seconds since 1970
 * @param exp    when it ends, in seconds since 1970, at most {@link #MAX_LIFE_SECONDS} later
 * @param rnd    chance
 * @param reach  where its owner says to be reached
 * @param ext    whatever else, in strict JSON
 */
public record Binding(Handle handle, IdentityId id, long seq, Optional<OpId> prev, OpId head, long hs, long epoch,
        State state, Optional<Handle> to, long iat, long exp, Rnd rnd, Optional<Reach> reach, JsonObject ext) {
    /** How long a binding lives when its owner says nothing: 90 days. */
    public static final long DEFAULT_LIFE_SECONDS = 90L * 24 * 60 * 60;
    /** How long a binding can live: 400 days. */
    public static final long MAX_LIFE_SECONDS = 400L * 24 * 60 * 60;

    private static final List<String> NAMES = List
            .of("t", "h", "id", "seq", "prev", "head", "hs", "epoch", "st", "to", "iat", "exp", "rnd", "reach", "ext");
    private static final int MAX_EXT_DEPTH = 7;

    /** What became of a handle. */
    public enum State {
        /** It names the identity. */
        ACTIVE,
        /** Its owner has gone to another handle, which names the same identity. */
        MOVED,
        /** Its owner has given it up. */
        RELEASED;

        /** Returns the word as it stands in a payload. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Throws an {@link IllegalArgumentException} when the parts make no binding, whatever the identity. */
    public Binding {
        boolean numbers = seq >= 0 && seq <= Members.MAX_INTEGER && hs >= 0 && hs <= Members.MAX_INTEGER
                && epoch >= 0 && epoch <= Members.MAX_INTEGER && iat >= 0 && exp <= Members.MAX_INTEGER;
        Optional<Reason> fault = faultIn(handle, seq, state, to, iat, exp);
        if (!numbers || prev.isPresent() != seq > 0 || fault.isPresent() || !isPlain(ext)) {
            throw new IllegalArgumentException(fault.map(Reason::words).orElse("the parts make no binding"));
        }
    }

    /** Returns the first binding of {@code handle} to {@code identity}, for 90 days, with no reach. */
    public static Binding first(Handle handle, Identity identity, long iat, Rnd rnd) {
        return new Binding(handle, identity.id(), 0, Optional.empty(), identity.head(), identity.seq(),
                identity.epoch(), State.ACTIVE, Optional.empty(), iat, iat + DEFAULT_LIFE_SECONDS, rnd,
                Optional.empty(), JsonObject.of());
    }

    /** Returns what the payload of {@code jws} says; looks at no signature. */
    public static Verdict<Binding> read(Jws jws) {
        return Refusal.judge(() -> readPayload(jws));
    }

    /** Returns the same binding with that reach. */
    public Binding withReach(Reach claimed) {
        return new Binding(handle, id, seq, prev, head, hs, epoch, state, to, iat, exp, rnd, Optional.of(claimed),
                ext);
    }

    /** Returns the same binding with that end. */
    public Binding withExp(long end) {
        return new Binding(handle, id, seq, prev, head, hs, epoch, state, to, iat, end, rnd, reach, ext);
    }

    /** Returns the envelope of this binding, signed by one key of the identity and the master key of the reach, if any. */
    public Jws sign(JwsSigner... signers) {
        return Jws.sign(RecordType.BINDING, payload(), List.of(signers));
    }

    static Binding readPayload(Jws jws) throws Refusal {
        Members members = Members.of(jws, RecordType.BINDING);
        members.allow(NAMES);
        Handle handle = members.string("h", Handle::parse);
        IdentityId id = members.string("id", IdentityId::parse);
        long seq = members.natural("seq");
        Refusal.when(seq == 0 && members.has("prev"), Reason.UNEXPECTED_MEMBER);
        Optional<OpId> prev = seq == 0 ? Optional.empty() : Optional.of(members.string("prev", OpId::parse));
        OpId head = members.string("head", OpId::parse);
        long hs = members.natural("hs");
        long epoch = members.natural("epoch");
        State state = members.string("st", Members.oneOf(State.values(), State::wireName));
        Optional<Handle> to = members.optionalString("to", Handle::parse);
        long iat = members.natural("iat");
        long exp = members.natural("exp");
        Rnd rnd = members.string("rnd", Rnd::parse);
        Optional<Members> reach = members.object("reach");
        Optional<Reach> read = reach.isPresent() ? Optional.of(Reach.read(reach.get())) : Optional.empty();
        JsonObject ext = members.anything("ext");
        Optional<Reason> fault = faultIn(handle, seq, state, to, iat, exp);
        if (fault.isPresent()) {
            throw new Refusal(fault.get());
        }
        return new Binding(handle, id, seq, prev, head, hs, epoch, state, to, iat, exp, rnd, read, ext);
    }

    private byte[] payload() {
        JsonObject.Builder payload = JsonObject.builder()
                .put("t", RecordType.BINDING.t())
                .put("h", handle.toString())
                .put("id", id.value())
                .put("seq", seq);
        prev.ifPresent(value -> payload.put("prev", value.value()));
        payload.put("head", head.value()).put("hs", hs).put("epoch", epoch).put("st", state.wireName());
        to.ifPresent(value -> payload.put("to", value.toString()));
        payload.put("iat", iat).put("exp", exp).put("rnd", rnd.value());
        reach.ifPresent(value -> payload.put("reach", value.toJson()));
        if (!ext.members().isEmpty()) {
            payload.put("ext", ext);
        }
        return StrictJson.write(payload.build()).getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<Reason> faultIn(Handle handle, long seq, State state, Optional<Handle> to, long iat,
            long exp) {
        if (to.isPresent() != (state == State.MOVED) || to.equals(Optional.of(handle))) {
            return Optional.of(Reason.MOVED_TO);
        }
        if (exp <= iat || exp - iat > MAX_LIFE_SECONDS) {
            return Optional.of(Reason.EXPIRY);
        }
        return seq == 0 && state != State.ACTIVE ? Optional.of(Reason.FIRST_NOT_ACTIVE) : Optional.empty();
    }

    /** Returns whether {@code ext} can stand in a payload. */
    private static boolean isPlain(JsonObject ext) {
        return ext.depth() <= MAX_EXT_DEPTH && CanonicalJson.encode(ext).isOk() && !Members.hasNull(ext);
    }
}
