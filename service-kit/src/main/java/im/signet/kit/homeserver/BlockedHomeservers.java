package im.signet.kit.homeserver;

import im.signet.protocol.identifier.ServerName;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The homeservers that the operator blocked while servers run, as the database says. What was read is used for up to a
 * second. Safe for use by many threads.
 */
final class BlockedHomeservers {

    private static final Duration FRESH = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final String query;
    private final Clock clock;
    private volatile Reading latest = new Reading(Instant.MIN, List.of());

    /**
     * Reads the tables of these schemas.
     *
     * @param schemas those of the services in this process, at least one
     */
    BlockedHomeservers(JdbcClient jdbc, List<String> schemas, Clock clock) {
        this.jdbc = jdbc;
        this.query = schemas.stream()
                .map(schema -> "SELECT pattern FROM " + schema + ".homeserver_block")
                .collect(Collectors.joining(" UNION "));
        this.clock = clock;
    }

    /** What the database said at that time or later. */
    private record Reading(Instant at, List<HomeserverPattern> patterns) {

        boolean isFreshAt(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(FRESH));
        }
    }

    /** Returns whether the server is one of them, however its name is spelled. */
    boolean contain(ServerName server) {
        Instant now = clock.instant();
        Reading reading = latest;
        if (!reading.isFreshAt(now)) {
            reading = new Reading(now, jdbc.sql(query)
                    .query((row, _) -> HomeserverPattern.valueOf(row.getString(1)))
                    .list());
            latest = reading;
        }
        return reading.patterns().stream().anyMatch(blocked -> blocked.covers(server));
    }
}
