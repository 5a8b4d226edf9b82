package im.signet.kit.database;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a test class once on each {@link TestServer} that can be had here: on the embedded PostgreSQL always, and in a
 * container where a Docker engine answers. The class takes the server in its constructor, where it makes its
 * {@link TestDatabase} on it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "database: {0}")
@MethodSource("im.signet.kit.database.TestServer#available")
public @interface OnEveryDatabase {}
