package im.signet.standalone.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** What a start of this program would change in a database, by comparing its history with what the program brings. */
public record UpgradePlan(List<OfSchema> schemas) {

    /**
     * A schema.
     *
     * @param exists  whether it was ever made
     * @param pending what this program has and the database has not, in order
     * @param newer   the versions that the database has and this program does not know
     * @param failed  versions that were begun and not finished
     */
    public record OfSchema(String name, boolean exists, List<String> pending, List<String> newer,
            List<String> failed) {}

    /** Takes a copy of the list. */
    public UpgradePlan {
        schemas = List.copyOf(schemas);
    }

    /** Reads the history of each service's schema; changes nothing. */
    public static UpgradePlan of(Connection database, Service.Served served) throws SQLException {
        List<OfSchema> schemas = new ArrayList<>();
        for (Service service : Service.values()) {
            if (served.has(service)) {
                schemas.add(of(database, service));
            }
        }
        return new UpgradePlan(schemas);
    }

    private static OfSchema of(Connection database, Service service) throws SQLException {
        List<Migration> ours = brought(service);
        Set<String> applied = new LinkedHashSet<>();
        List<String> failed = new ArrayList<>();
        boolean exists = has(database, service.schema() + ".flyway_schema_history");
        if (exists) {
            String history = "SELECT version, success FROM " + service.schema()
                    + ".flyway_schema_history WHERE version IS NOT NULL ORDER BY installed_rank";
            try (Statement query = database.createStatement(); ResultSet row = query.executeQuery(history)) {
                while (row.next()) {
                    (row.getBoolean(2) ? applied : failed).add(row.getString(1));
                }
            }
        }
        List<String> pending = ours.stream()
                .map(Migration::version)
                .filter(version -> !applied.contains(version))
                .toList();
        List<String> newer = applied.stream()
                .filter(version -> ours.stream().noneMatch(migration -> migration.version().equals(version)))
                .toList();
        return new OfSchema(service.schema(), exists, pending, newer, failed);
    }

    /** Returns the changes of a service's schema that this program brings, in the order in which they are made. */
    static List<Migration> brought(Service service) {
        PathMatchingResourcePatternResolver resources = new PathMatchingResourcePatternResolver(
                UpgradePlan.class.getClassLoader());
        List<Migration> migrations = new ArrayList<>();
        try {
            for (String folder : List.of("kit", service.schema())) {
                for (Resource file : resources.getResources("classpath*:db/" + folder + "/V*.sql")) {
                    migrations.add(Migration.of(Objects.requireNonNull(file.getFilename()),
                            file.getContentAsString(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        migrations.sort((a, b) -> a.version().compareTo(b.version()));
        return List.copyOf(migrations);
    }

    static boolean has(Connection database, String table) throws SQLException {
        try (PreparedStatement query = database.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
