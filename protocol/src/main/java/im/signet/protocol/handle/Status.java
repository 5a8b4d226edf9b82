package im.signet.protocol.handle;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a nameserver says of a handle, signed by its status key, so that a lie leaves proof. Clients believe it no more for
 * being signed. See {@code docs/spec/handles.md}, section 7.
 *
 * @param handle the handle
 * @param id     the identity that it names
 * @param seq    the seq of its newest binding
 * @param opId   that binding
 * @param head   the newest operation of the identity
 * @param state  what became of the handle
 * @param iat    when it was said, in seconds since 1970
 * @param exp    until when it holds, in seconds since 1970, at most {@link #MAX_LIFE_SECONDS} later
 */
public record Status(Handle handle, IdentityId id, long seq, OpId opId, OpId head, State state, long iat, long exp) {
    /** How long a status can hold: 24 hours. */
    public static final long MAX_LIFE_SECONDS = 24L * 60 * 60;
    /** The shortest time in which a handle can come to name another identity, or its bindings begin anew: 7 days. */
    public static final long MIN_QUARANTINE_SECONDS = 7L * 24 * 60 * 60;
    /** By how much an honest nameserver may date a status back, so that it need not sign one for each request. */
    public static final long MAX_BACKDATED_SECONDS = 60L * 60;

    private static final List<String> NAMES = List.of("t", "h", "id", "seq", "op_id", "head", "st", "iat", "exp");

    /** What became of a handle, as its nameserver says. */
    public enum State {
        /** Its newest binding is active, fresh and not expired. */
        ACTIVE,
        /** Its newest binding is active and not expired, but its signer was revoked, its epoch is over, or its identity ended. */
        STALE,
        /** Its newest binding has expired. */
        LAPSED,
        /** Its newest binding says that it moved. */
        MOVED,
        /** Its newest binding gives it up. */
        RELEASED,
        /** The operator has suspended it. */
        SUSPENDED;

        /** Returns the word as it stands in a payload. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Throws an {@link IllegalArgumentException} when the parts make no status. */
    public Status {
        if (seq < 0 || seq > Members.MAX_INTEGER || iat < 0 || exp > Members.MAX_INTEGER || !isLife(iat, exp)) {
            throw new IllegalArgumentException("the parts make no status");
        }
    }

    /** Returns the status of {@code jws} when one of {@code statusKeys}, which the handle's domain publishes, signed it. */
    public static Verdict<Status> verify(Jws jws, List<JwsKey> statusKeys) {
        return Refusal.judge(() -> {
            Status status = read(jws);
            jws.soleSigner(statusKeys);
            return status;
        });
    }

    /** Returns the envelope of this status, signed by the status key. */
    public Jws sign(JwsSigner statusKey) {
        JsonObject payload = JsonObject.builder()
                .put("t", RecordType.STATUS.t())
                .put("h", handle.toString())
                .put("id", id.value())
                .put("seq", seq)
                .put("op_id", opId.value())
                .put("head", head.value())
                .put("st", state.wireName())
                .put("iat", iat)
                .put("exp", exp)
                .build();
        return Jws.sign(RecordType.STATUS, StrictJson.write(payload).getBytes(StandardCharsets.UTF_8),
                List.of(statusKey));
    }

    /** Returns whether the status no longer holds at that time, in seconds since 1970. */
    public boolean isExpiredAt(long epochSeconds) {
        return epochSeconds >= exp;
    }

    /**
     * Returns whether the two, both signed by the nameserver, prove that it lied: said less than 7 days, but for two hours,
     * apart of one handle, they name two identities, or two bindings for one seq, or the one that is later by more than
     * an hour names an older binding. An honest server dates what it says by the beginning of the hour.
     */
    public boolean contradicts(Status other) {
        if (!handle.equals(other.handle)
                || Math.abs(iat - other.iat) >= MIN_QUARANTINE_SECONDS - 2 * MAX_BACKDATED_SECONDS) {
            return false;
        }
        boolean otherId = !id.equals(other.id);
        boolean fork = seq == other.seq && !opId.equals(other.opId);
        boolean wentBack = (iat - other.iat > MAX_BACKDATED_SECONDS && seq < other.seq)
                || (other.iat - iat > MAX_BACKDATED_SECONDS && other.seq < seq);
        return otherId || fork || wentBack;
    }

    private static Status read(Jws jws) throws Refusal {
        Members members = Members.of(jws, RecordType.STATUS);
        members.allow(NAMES);
        Handle handle = members.string("h", Handle::parse);
        IdentityId id = members.string("id", IdentityId::parse);
        long seq = members.natural("seq");
        OpId opId = members.string("op_id", OpId::parse);
        OpId head = members.string("head", OpId::parse);
        State state = members.string("st", Members.oneOf(State.values(), State::wireName));
        long iat = members.natural("iat");
        long exp = members.natural("exp");
        Refusal.when(!isLife(iat, exp), Reason.EXPIRY);
        return new Status(handle, id, seq, opId, head, state, iat, exp);
    }

    private static boolean isLife(long iat, long exp) {
        return exp > iat && exp - iat <= MAX_LIFE_SECONDS;
    }
}
