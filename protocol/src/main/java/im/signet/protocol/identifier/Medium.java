package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

/** The kind of an address (3PID). See <a href="https://spec.matrix.org/latest/appendices/#3pid-types">Matrix appendices</a>. */
public enum Medium {
    /** An e-mail address. */
    EMAIL("email"),
    /** A phone number. */
    MSISDN("msisdn");

    private final String wireName;

    Medium(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name in JSON and in lookup hashes: {@code email} or {@code msisdn}. */
    public String wireName() {
        return wireName;
    }

    /** Returns the medium with that {@link #wireName()}. */
    public static Parsed<Medium> parse(String wireName) {
        for (Medium medium : values()) {
            if (medium.wireName.equals(wireName)) {
                return Parsed.ok(medium);
            }
        }
        return Parsed.refused("the medium is 'email' or 'msisdn'");
    }
}
