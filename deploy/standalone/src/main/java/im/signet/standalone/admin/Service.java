package im.signet.standalone.admin;

import java.util.List;
import java.util.stream.Stream;

/** A service, whose schema a database has or has not. */
enum Service {

    /** Accounts, tokens, acceptances. */
    TERMS("terms", "terms-service"),

    /** Addresses. */
    IDENTITY("identity", "identity-server"),

    /** Handles. */
    NAMES("names", "nameserver");

    private final String schema;
    private final String title;

    Service(String schema, String title) {
        this.schema = schema;
        this.title = title;
    }

    String schema() {
        return schema;
    }

    /** Returns what it is called in texts. */
    String title() {
        return title;
    }

    static List<Service> all() {
        return Stream.of(values()).toList();
    }
}
