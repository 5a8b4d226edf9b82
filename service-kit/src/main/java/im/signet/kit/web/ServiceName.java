package im.signet.kit.web;

/** Our services, as settings, policies and introspection name them. */
public enum ServiceName {

    /** The Matrix Identity Service: addresses, lookup, invitations; accounts and terms go with it. */
    IDENTITY("identity"),

    /** The nameserver: handles. */
    NAMES("names");

    private final String value;

    ServiceName(String value) {
        this.value = value;
    }

    /** Returns the name, such as {@code identity}. */
    public String value() {
        return value;
    }
}
