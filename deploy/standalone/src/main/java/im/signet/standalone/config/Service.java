package im.signet.standalone.config;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A service of ours, as far as settings are concerned. */
public enum Service {

    TERMS("im.signet.terms"), IDENTITY("im.signet.identity"), NAMES("im.signet.names");

    private final String module;

    Service(String module) {
        this.module = module;
    }

    /** Returns its word, as in {@code serve WORD}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name of its schema in the database. */
    public String schema() {
        return word();
    }

    /** Returns the services whose module a class is of: one, or all where it is of none. */
    static Set<Service> readers(String className) {
        if (className.startsWith("im.signet.kit.token.remote.")) {
            return EnumSet.of(IDENTITY, NAMES);
        }
        for (Service service : values()) {
            if (className.startsWith(service.module + ".")) {
                return EnumSet.of(service);
            }
        }
        return EnumSet.allOf(Service.class);
    }

    /** What one process serves. */
    public record Served(Set<Service> services) {

        /** Returns what a word after {@code serve} means; empty when it means nothing. */
        public static Optional<Served> of(String word) {
            if (word.equals("all")) {
                return Optional.of(new Served(EnumSet.allOf(Service.class)));
            }
            for (Service service : Service.values()) {
                if (service.word().equals(word)) {
                    return Optional.of(new Served(EnumSet.of(service)));
                }
            }
            return Optional.empty();
        }

        /** Returns whether all run in this process. */
        boolean isAll() {
            return services.size() == Service.values().length;
        }

        /** Returns whether this process has that service. */
        public boolean has(Service service) {
            return services.contains(service);
        }

        /** Returns whether a class that these services have, or that checks for them, concerns this process. */
        boolean concerns(String className) {
            return !(isAll() && className.startsWith("im.signet.kit.token.remote."))
                    && readers(className).stream().anyMatch(services::contains);
        }
    }
}
