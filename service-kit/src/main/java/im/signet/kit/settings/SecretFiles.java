package im.signet.kit.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads secrets from files: where the environment has {@code SIGNET_DATABASE_PASSWORD_FILE=/run/secrets/db}, the content
 * of that file, less a trailing line break, is the setting {@code signet.database.password}. A header of the SMS gateway may
 * hold a secret, too: {@code SIGNET_SMS_HEADERS_X_API_KEY_FILE} is for {@code signet.sms.headers.x-api-key}.
 */
public final class SecretFiles implements EnvironmentPostProcessor {

    private static final Pattern SECRET_FILE = Pattern.compile("(SIGNET_[A-Z0-9_]*_(?:PASSWORD|USERNAME|SECRET))_FILE");
    private static final Pattern HEADER_FILE = Pattern.compile("(SIGNET_[A-Z0-9_]*_HEADERS)_([A-Z0-9_]+)_FILE");

    /** The source of what was read for variables; its settings have the variable's name without {@code _FILE}. */
    public static final String SOURCE = "secret files-"
            + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    /** The source of what was read for headers. */
    public static final String HEADERS_SOURCE = "secret files of headers";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        read(environment, unreadable -> {
            throw unreadable;
        });
    }

    /** Reads those that can be read, and hands on what is wrong with each of the others. */
    public static void read(ConfigurableEnvironment environment, Consumer<UnusableSettingException> unreadable) {
        // As variables, so that dashes in a setting's name need no guess: Boot finds them as it finds variables.
        Map<String, Object> secrets = new HashMap<>();
        Map<String, Object> headers = new HashMap<>();
        environment.getSystemEnvironment().forEach((name, file) -> {
            var match = SECRET_FILE.matcher(name);
            if (match.matches()) {
                read(name, String.valueOf(file), unreadable)
                        .ifPresent(secret -> secrets.put(match.group(1), secret));
            }
            var header = HEADER_FILE.matcher(name);
            if (header.matches()) {
                read(name, String.valueOf(file), unreadable).ifPresent(secret -> headers
                        .put(settingName(header.group(1)) + "." + headerName(header.group(2)), secret));
            }
        });
        MutablePropertySources sources = environment.getPropertySources();
        sources.addAfter(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                new SystemEnvironmentPropertySource(SOURCE, secrets));
        sources.addAfter(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                new MapPropertySource(HEADERS_SOURCE, headers));
    }

    private static String settingName(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static String headerName(String words) {
        return words.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<String> read(String variable, String file,
            Consumer<UnusableSettingException> unreadable) {
        try {
            return Optional.of(Files.readString(Path.of(file)).replaceFirst("\\R\\z", ""));
        } catch (IOException | InvalidPathException failed) {
            unreadable.accept(new UnusableSettingException(variable + " names a file that cannot be read: " + file,
                    "Check that the file exists and that the server's user may read it."));
            return Optional.empty();
        }
    }
}
