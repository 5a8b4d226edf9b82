package im.signet.standalone.config;

import im.signet.kit.settings.SecretFiles;
import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** The settings as a start would read them, and where each comes from. What a start would stop at is handed on instead. */
public final class SettingsSources {

    private static final String LOCATION = "--spring.config.additional-location=";

    private final ConfigurableEnvironment environment;
    private final List<Finding> unreadable;
    private final boolean complete;

    private SettingsSources(ConfigurableEnvironment environment, List<Finding> unreadable, boolean complete) {
        this.environment = environment;
        this.complete = complete;
        this.unreadable = List.copyOf(unreadable);
    }

    /** Reads what the arguments name, the variables, and files of secrets. Nothing is logged from here on. */
    public static SettingsSources read(List<String> arguments) {
        LoggingSystem.get(SettingsSources.class.getClassLoader()).beforeInitialize();
        ConfigurableEnvironment environment = new StandardEnvironment();
        return read(arguments, environment);
    }

    /** As {@link #read(List)}, on an environment that has the variables. */
    public static SettingsSources read(List<String> arguments, ConfigurableEnvironment environment) {
        List<Finding> unreadable = new ArrayList<>();
        environment.getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
        RandomValuePropertySource.addToEnvironment(environment);
        SecretFiles.read(environment, failed -> unreadable.add(error("", failed)));
        boolean complete = true;
        try {
            ConfigDataEnvironmentPostProcessor.applyTo(environment, new DefaultResourceLoader(),
                    new DefaultBootstrapContext());
        } catch (RuntimeException unusable) {
            unreadable.add(unreadableFile(unusable, file(arguments)));
            complete = false;
        }
        ConfigurationPropertySources.attach(environment);
        return new SettingsSources(environment, unreadable, complete);
    }

    /** Returns the settings. */
    public ConfigurableEnvironment environment() {
        return environment;
    }

    /** Returns what could not be read. */
    List<Finding> unreadable() {
        return unreadable;
    }

    /** Returns whether every file could be read; what is missing may else stand in one that could not. */
    public boolean isComplete() {
        return complete;
    }

    /** Returns an exception for the operator as what a check found. */
    static Finding error(String where, UnusableSettingException wrong) {
        return new Finding(Finding.Severity.ERROR, where, String.valueOf(wrong.getMessage()), wrong.mend());
    }

    // What a YAML parser quotes of a file may be a password: only what it complains of is said, and where.
    private static Finding unreadableFile(RuntimeException unusable, String file) {
        Optional<String> why = Optional.empty();
        for (Throwable at = unusable; at != null; at = at.getCause()) {
            if (at instanceof MarkedYAMLException yaml) {
                Mark mark = yaml.getProblemMark();
                String where = mark == null ? file : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
                return new Finding(Finding.Severity.ERROR, where, "The file is no YAML: " + yaml.getProblem() + ".",
                        "Mend that line; until then nothing else in the file can be checked.");
            }
            if (why.isEmpty() && at.getClass().getName().startsWith("org.springframework.boot.context.config.")) {
                why = Optional.of(firstLine(String.valueOf(at.getMessage())));
            }
        }
        return new Finding(Finding.Severity.ERROR, file,
                "The settings cannot be read" + why.map(text -> ": " + text).orElse("") + ".",
                "Check that the file exists, ends in .yaml and can be read.");
    }

    // Of the file that the operator named; without one, of those that are read by themselves.
    private static String file(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(LOCATION))
                .map(argument -> Path.of(URI.create(argument.substring(LOCATION.length()))))
                .map(SettingsSources::shown)
                .findFirst()
                .orElse("config/application.yaml");
    }

    private static String shown(Path path) {
        Path file = path.toAbsolutePath().normalize();
        Path here = Path.of("").toAbsolutePath();
        return String.valueOf(file.startsWith(here) ? here.relativize(file) : file);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }

    /** Returns the value of a setting as it was written, and where; empty when nothing says it. */
    Optional<ConfigurationProperty> find(String name) {
        ConfigurationPropertyName asked = ConfigurationPropertyName.of(name);
        return sources().map(source -> source.getConfigurationProperty(asked))
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    /**
     * Returns where a setting, or the first of what stands below it, is written; empty when nowhere but in what the program
     * brings.
     */
    Optional<String> where(String name) {
        return property(name).flatMap(SettingsSources::words);
    }

    /** Returns the setting, or the first of what stands below it. */
    Optional<ConfigurationProperty> property(String name) {
        ConfigurationPropertyName asked = ConfigurationPropertyName.adapt(name, '.');
        return sources().flatMap(source -> {
            ConfigurationProperty exact = source.getConfigurationProperty(asked);
            if (exact != null) {
                return Stream.of(exact);
            }
            return source instanceof IterableConfigurationPropertySource names
                    ? names.stream()
                            .filter(asked::isAncestorOf)
                            .findFirst()
                            .map(names::getConfigurationProperty)
                            .stream()
                    : Stream.empty();
        }).findFirst();
    }

    private Stream<ConfigurationPropertySource> sources() {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        return sources.stream();
    }

    /** Returns the words for where a setting is from: a file and its line, or the name of a variable; never its value. */
    static Optional<String> words(ConfigurationProperty property) {
        ConfigurationPropertySource from = property.getSource();
        Object underlying = from == null ? null : from.getUnderlyingSource();
        String source = underlying instanceof PropertySource<?> named ? named.getName() : "";
        Origin origin = innermost(property.getOrigin());
        if (source.contains("class path resource")) {
            return Optional.empty(); // what the program brings
        } else if (source.equals(SecretFiles.SOURCE)) {
            return Optional.of("secret file " + variable(origin, property) + "_FILE");
        } else if (source.equals(SecretFiles.HEADERS_SOURCE)) {
            return Optional.of("secret file of " + property.getName());
        } else if (source.equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
            return Optional.of("variable " + variable(origin, property));
        } else if (source.equals(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME)) {
            return Optional.of("command line");
        } else if (source.equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
            return Optional.of("system property " + property.getName());
        } else if (origin instanceof TextResourceOrigin text) {
            return inFile(text);
        }
        return source.isEmpty() ? Optional.empty() : Optional.of(source);
    }

    private static Optional<String> inFile(TextResourceOrigin origin) {
        Resource resource = origin.getResource();
        try {
            if (resource == null || !resource.isFile()) {
                return Optional.empty();
            }
            String shown = shown(resource.getFile().toPath());
            TextResourceOrigin.@Nullable Location line = origin.getLocation();
            return Optional.of(line == null ? shown : shown + ":" + (line.getLine() + 1));
        } catch (IOException notAFile) {
            return Optional.empty();
        }
    }

    private static @Nullable Origin innermost(@Nullable Origin origin) {
        Origin inner = origin;
        while (inner instanceof OriginProvider provider && provider.getOrigin() != null) {
            inner = provider.getOrigin();
        }
        return inner;
    }

    private static String variable(@Nullable Origin origin, ConfigurationProperty property) {
        return origin instanceof SystemEnvironmentOrigin variable
                ? variable.getProperty()
                : Setting.variable(property.getName().toString());
    }
}
