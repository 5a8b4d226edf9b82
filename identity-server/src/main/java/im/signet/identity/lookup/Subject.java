package im.signet.identity.lookup;

import im.signet.kit.web.ClientAddress;
import im.signet.protocol.identifier.UserId;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Somebody, or several together, whose lookups are counted.
 *
 * @param name which one of its kind
 */
record Subject(Kind kind, String name) {

    /** What is counted for itself: anyone can run a homeserver and make accounts there. */
    enum Kind {
        /** A user. */
        ACCOUNT("lookups-per-account"),
        /** All users of a host, whatever the port: one host can be as many homeservers as it has ports. */
        HOMESERVER("lookups-per-homeserver"),
        /** All who come from one {@link ClientAddress}. */
        NETWORK("lookups-per-network"),
        /** All. */
        EVERYBODY("lookups-in-all");

        private final String budget;

        Kind(String budget) {
            this.budget = budget;
        }

        /** Returns what the setting of its budget is called. */
        String budget() {
            return budget;
        }
    }

    /** Returns all that a request of this user counts for. */
    static List<Subject> of(UserId user, ClientAddress client) {
        return List.of(new Subject(Kind.ACCOUNT, user.value()),
                new Subject(Kind.HOMESERVER, user.serverName().host().toLowerCase(Locale.ROOT)),
                new Subject(Kind.NETWORK, HexFormat.of().formatHex(client.block())),
                new Subject(Kind.EVERYBODY, ""));
    }

    /** Hides the name, which may be an IP address. */
    @Override
    public String toString() {
        return "Subject[" + kind + "]";
    }
}
