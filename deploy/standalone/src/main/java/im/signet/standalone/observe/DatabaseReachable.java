package im.signet.standalone.observe;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether a request would get a connection to the database, within two seconds: one that waits for longer serves nobody. A
 * database that hangs does not make the probe hang, nor do probes pile up on it.
 */
final class DatabaseReachable implements HealthIndicator {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int SECONDS_FOR_ITS_ANSWER = 1;

    private final Attempt<Boolean> attempt;

    DatabaseReachable(DataSource dataSource) {
        this.attempt = new Attempt<>("readiness", LIMIT, () -> isReachable(dataSource));
    }

    private static boolean isReachable(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid(SECONDS_FOR_ITS_ANSWER);
        } catch (SQLException gone) {
            return false;
        }
    }

    @Override
    public Health health() {
        return attempt.answer().orElse(false) ? Health.up().build() : Health.down().build();
    }
}
