package im.signet.kit.database;

import java.util.Map;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Turns Spring Boot's own Flyway off: it knows one schema, and would run the scripts of every service in it. See
 * {@link SchemaMigration}.
 */
final class SpringBootFlywayOff implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        DefaultPropertiesPropertySource.addOrMerge(Map.of("spring.flyway.enabled", "false"),
                environment.getPropertySources());
    }
}
