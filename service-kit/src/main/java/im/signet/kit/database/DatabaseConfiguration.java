package im.signet.kit.database;

import java.nio.file.Path;
import java.security.SecureRandom;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives a service its {@link javax.sql.DataSource}: a pool on the PostgreSQL of `signet.database.url`, or without that on
 * an embedded one in `signet.data-dir`.
 *
 * <p>
 * A service imports this class and declares a {@link SchemaMigration} for its schema. Several services in one process
 * import it as well and share the one pool. The start fails with one clear line when the database cannot be reached,
 * refuses the login, or does not keep what it acknowledges.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
public class DatabaseConfiguration {

    /** Spring makes the one instance. */
    public DatabaseConfiguration() {}

    @Bean
    PostgresDatabase postgresDatabase(DatabaseProperties properties,
            @Value("${signet.data-dir:./data}") String dataDir, ObjectProvider<SecureRandom> random) {
        return PostgresDatabase.open(properties, Path.of(dataDir), random.getIfAvailable(SecureRandom::new));
    }

    // Depends on the database, so it is closed before the embedded server is stopped.
    @Bean
    HikariDataSource dataSource(PostgresDatabase database, DatabaseProperties properties) {
        DatabaseAccess access = database.access();
        DatabaseCheck.check(access, properties.acceptDataLoss());
        HikariConfig config = new HikariConfig();
        config.setPoolName("signet");
        config.setJdbcUrl(access.url());
        config.setUsername(access.username());
        config.setPassword(access.password());
        config.setMaximumPoolSize(properties.poolSize());
        // Each costs both sides work at the start; the others are opened when they are needed.
        config.setMinimumIdle(DatabaseProperties.MIN_POOL_SIZE);
        config.setConnectionTimeout(5_000);
        DatabaseAccess.DRIVER_PROPERTIES.forEach(config::addDataSourceProperty);
        return new HikariDataSource(config);
    }
}
