package im.signet.protocol.handle;

import java.util.Optional;

/** The kinds of signed records: each has a {@code typ} in its header and a {@code t} in its payload, so that none passes for another (section 2.6). */
public enum RecordType {
    /** An operation of an identity. */
    IDENTITY("signet-identity+jws", "signet.identity.v1"),
    /** That a handle names an identity. */
    BINDING("signet-binding+jws", "signet.binding.v1"),
    /** That who asks holds the key of a binding. */
    PROOF_OF_POSSESSION("signet-pop+jws", "signet.pop.v1"),
    /** What a nameserver says of a handle. */
    STATUS("signet-status+jws", "signet.status.v1");

    private final String typ;
    private final String t;

    RecordType(String typ, String t) {
        this.typ = typ;
        this.t = t;
    }

    /** Returns the {@code typ} of its protected headers. */
    public String typ() {
        return typ;
    }

    /** Returns the {@code t} of its payloads. */
    public String t() {
        return t;
    }

    /** Returns the kind with this {@code typ}; empty when there is none. */
    static Optional<RecordType> ofTyp(String typ) {
        for (RecordType type : values()) {
            if (type.typ.equals(typ)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
