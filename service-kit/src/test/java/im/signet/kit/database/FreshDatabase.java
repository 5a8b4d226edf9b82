package im.signet.kit.database;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Gives a Spring test context an empty database of its own on the embedded server:
 * `@ContextConfiguration(initializers = FreshDatabase.class)`.
 */
public final class FreshDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestDatabase database = TestDatabase.fresh();
        TestPropertyValues.of("signet.database.url=" + database.url(),
                "signet.database.username=" + database.username(), "signet.database.password=" + database.password())
                .applyTo(context);
    }
}
