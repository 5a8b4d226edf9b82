package im.signet.bench.faults;

import java.util.Locale;

/**
 * What a state is of: one thing that was asked for, by the name under which a database knows it.
 *
 * @param name what the API calls it: a token's hash, a user, an address, a handle
 */
record Key(Kind kind, String name) {

    /** What a thing has as its state where there is no such thing. */
    static final String NONE = "none";

    /** The kinds of things. */
    enum Kind {
        /** By its hash; its state is whose it is. */
        TOKEN,
        /** By its user; `accepted` or `withdrawn`. */
        ACCEPTANCE,
        /** By its sid; its state is `USER ADDRESS open` or `... proven`. */
        SESSION,
        /** By its address; its state is whose it is. */
        BINDING,
        /** By its token; `waits`, `handed` to whom the address is bound to, or `delivered` to their homeserver. */
        INVITATION,
        /** By its name; its state is the name of its newest binding, or `released`. */
        HANDLE,
        /** By its identity; its state is the name of its newest operation. */
        CHAIN,
        /** By its user; `ended` once they withdrew or were erased. */
        END
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }

    /** Reads what {@link #toString} wrote. */
    static Key parse(String text) {
        int blank = text.indexOf(' ');
        return new Key(Kind.valueOf(text.substring(0, blank).toUpperCase(Locale.ROOT)),
                text.substring(blank + 1));
    }
}
