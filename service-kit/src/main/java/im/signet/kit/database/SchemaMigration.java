package im.signet.kit.database;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.springframework.beans.factory.InitializingBean;

/**
 * Brings one service's schema up to date, with the history of its migrations inside that schema.
 *
 * <p>
 * Each service declares one as a bean; it runs when the context starts, and Spring Boot makes `JdbcTemplate`,
 * `JdbcClient` and all that is built on them wait for it. Several services in one process each migrate their own schema
 * of the one database. Spring Boot's own Flyway auto-configuration knows a single schema and would run everybody's
 * scripts in it: it is not on the class path.
 *
 * <p>
 * Processes that start at once on one database wait for each other on an advisory lock, as long as it takes. It is held
 * by the session, not by a transaction, so that a migration may use `CREATE INDEX CONCURRENTLY`.
 */
public final class SchemaMigration implements InitializingBean {
    private static final Pattern SCHEMA_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final Flyway flyway;
    private final String schema;

    /**
     * Prepares the migration; nothing touches the database yet.
     *
     * @param schema
     *            the schema to create and to migrate: `terms`, `identity` or `names`
     * @param locations
     *            where its scripts lie, for instance `classpath:db/migration/terms`; every location must exist
     */
    public SchemaMigration(DataSource dataSource, String schema, String... locations) {
        if (!SCHEMA_NAME.matcher(schema).matches()) {
            throw new IllegalArgumentException("a schema name is lower-case letters, digits and underscores");
        }
        this.schema = schema;
        this.flyway = Flyway.configure(SchemaMigration.class.getClassLoader())
                .dataSource(dataSource)
                .defaultSchema(schema)
                .schemas(schema)
                .createSchemas(true)
                .table("flyway_schema_history")
                .locations(locations)
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .lockRetryCount(-1)
                .loggers("slf4j")
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load();
    }

    /** Returns the schema that it migrates. */
    public String schema() {
        return schema;
    }

    /** Runs the migration when the context starts. */
    @Override
    public void afterPropertiesSet() {
        migrate();
    }

    /** Applies what is missing, in order, and returns how many scripts that were. */
    public int migrate() {
        return flyway.migrate().migrationsExecuted;
    }

    /** Applies what is missing up to that version, as {@link #newest} writes it. */
    public void migrateTo(String version) {
        Flyway.configure(SchemaMigration.class.getClassLoader())
                .configuration(flyway.getConfiguration())
                .target(MigrationVersion.fromVersion(version))
                .load()
                .migrate();
    }

    /** Returns the version that {@link #migrate} leads to. */
    public String newest() {
        return Arrays.stream(flyway.info().all())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .map(MigrationVersion::getVersion)
                .orElseThrow();
    }

    /** Compares two versions: negative when the first one is older. */
    public static int compare(String one, String other) {
        return MigrationVersion.fromVersion(one).compareTo(MigrationVersion.fromVersion(other));
    }
}
