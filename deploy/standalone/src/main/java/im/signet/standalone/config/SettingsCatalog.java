package im.signet.standalone.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every setting below {@code signet}: the records say their types, defaults and bounds, and the metadata that the build
 * writes beside them say what their Javadoc does.
 */
public final class SettingsCatalog {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String OF_RECORDS = "META-INF/spring/configuration-metadata/";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<Setting> settings;
    private final List<Class<?>> records;

    private SettingsCatalog(List<Setting> settings, List<Class<?>> records) {
        this.settings = List.copyOf(settings);
        this.records = List.copyOf(records);
    }

    /** Reads what is on the class path. */
    public static SettingsCatalog load() {
        Map<String, String> descriptions = new HashMap<>();
        Set<String> names = new LinkedHashSet<>();
        try {
            for (URL url : Collections.list(loader().getResources(METADATA))) {
                String text = text(url);
                // Those of libraries are large, and none of ours.
                if (text.contains("\"im.signet.")) {
                    for (JsonNode property : JSON.readTree(text).path("properties")) {
                        String source = property.path("sourceType").asString("");
                        descriptions.put(source + "#" + property.path("name").asString(""),
                                markdown(property.path("description").asString("")));
                        names.add(source);
                    }
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        List<Class<?>> records = names.stream()
                .filter(name -> name.startsWith("im.signet."))
                .sorted()
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, loader()))
                .filter(type -> type.isAnnotationPresent(ConfigurationProperties.class))
                .toList();
        List<Setting> settings = new ArrayList<>();
        for (Class<?> record : records) {
            collect(prefix(record), record, descriptions, settings);
        }
        return new SettingsCatalog(settings, records);
    }

    private static void collect(String prefix, Class<?> record, Map<String, String> descriptions,
            List<Setting> settings) {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "." + dashed(component.getName());
            if (component.getType().isRecord() && component.getType().getRecordComponents().length > 1) {
                collect(name, component.getType(), descriptions, settings);
                continue;
            }
            DefaultValue defaults = defaultOf(record, component);
            settings.add(new Setting(name, Shapes.of(name, component, SettingsCatalog::descriptionsOf),
                    defaults == null ? List.of() : List.of(defaults.value()),
                    sentence(descriptions.getOrDefault(record.getName() + "#" + name, "")),
                    Service.readers(record.getName()), record.getName(), Shapes.isRequired(component)));
        }
    }

    // The annotation may stand on parameters alone.
    private static @Nullable DefaultValue defaultOf(Class<?> record, RecordComponent component) {
        return Arrays.stream(record.getDeclaredConstructors())
                .filter(constructor -> constructor.getParameterCount() == record.getRecordComponents().length)
                .flatMap(constructor -> Arrays.stream(constructor.getParameters()))
                .filter(parameter -> parameter.getName().equals(component.getName()))
                .map(parameter -> parameter.getAnnotation(DefaultValue.class))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, String> descriptionsOf(Class<?> record) {
        Map<String, String> descriptions = new HashMap<>();
        URL url = loader().getResource(OF_RECORDS + record.getName() + ".json");
        if (url != null) {
            for (JsonNode property : JSON.readTree(text(url)).path("properties")) {
                descriptions.put(property.path("name").asString(""),
                        markdown(property.path("description").asString("")));
            }
        }
        return descriptions;
    }

    /** Returns all settings, in the order of their records. */
    List<Setting> settings() {
        return settings;
    }

    /** Returns the records that they are read into. */
    List<Class<?>> records() {
        return records;
    }

    /** Returns what the names of a record's settings begin with. */
    static String prefix(Class<?> record) {
        return Objects.requireNonNull(record.getAnnotation(ConfigurationProperties.class)).value();
    }

    /** Returns a name of Java as settings are written. */
    static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String text(URL url) {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String markdown(String javadoc) {
        return javadoc.replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("</?code>", "`")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String begun = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }

    private static ClassLoader loader() {
        return Objects.requireNonNull(SettingsCatalog.class.getClassLoader());
    }
}
