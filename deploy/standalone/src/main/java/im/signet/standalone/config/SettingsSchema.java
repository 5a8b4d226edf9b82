package im.signet.standalone.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the catalog as a JSON schema for the YAML of {@code --config}. Names may be written nested
 * ({@code mail: {port: 465}}), with dots ({@code mail.port: 465}), or in between, as Spring Boot takes them; with dashes
 * and not in another case, although Boot takes that, too.
 */
final class SettingsSchema {

    // The sections of Spring Boot: our schema has no opinion on what it does not know there.
    private static final String OF_BOOT = "^(server|management|logging|spring)(\\.|$)";

    private SettingsSchema() {}

    /** Returns the schema, as JSON with a line break at its end. */
    static String of(SettingsCatalog catalog) {
        Map<String, Map<String, Object>> definitions = new TreeMap<>();
        Map<String, Shape> shapes = new TreeMap<>();
        for (Setting setting : catalog.settings()) {
            Map<String, Object> schema = new LinkedHashMap<>(setting.shape().schema());
            schema.put("description", setting.description());
            if (setting.defaults().size() == 1 && !(setting.shape() instanceof Shape.Items)) {
                schema.put("default", typed(setting.shape(), setting.defaults().getFirst()));
            }
            definitions.put(setting.name(), schema);
            shapes.put(setting.name(), setting.shape());
        }
        Map<String, Map<String, Object>> groups = new TreeMap<>();
        for (String name : shapes.keySet()) {
            for (String group = parent(name); !group.isEmpty(); group = parent(group)) {
                groups.computeIfAbsent(group, missing -> group(missing, shapes));
            }
        }
        definitions.putAll(groups);
        Map<String, Object> top = group("", shapes);
        Map<String, Object> properties = properties(top);
        Map<String, Object> others = new LinkedHashMap<>();
        for (OtherSettings.Other other : OtherSettings.all()) {
            Map<String, Object> schema = new LinkedHashMap<>(other.shape().schema());
            schema.put("description", other.description());
            others.put(other.name(), schema);
        }
        properties.putAll(others);
        @SuppressWarnings("unchecked") // made by group
        Map<String, Object> patterns = (Map<String, Object>) top.computeIfAbsent("patternProperties",
                _ -> new LinkedHashMap<>());
        patterns.put(OF_BOOT, true);
        Map<String, Object> schema = Shape.ordered("$schema", "https://json-schema.org/draft/2020-12/schema", "title",
                "Settings of Signet");
        schema.putAll(top);
        schema.put("$defs", definitions);
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(schema)
                .replace("\r\n", "\n") + "\n";
    }

    @SuppressWarnings("unchecked") // made by group
    private static Map<String, Object> properties(Map<String, Object> group) {
        return (Map<String, Object>) group.getOrDefault("properties", Map.of());
    }

    /** Returns the schema of what stands below a name: all that is below it, by each way of writing its name. */
    private static Map<String, Object> group(String group, Map<String, Shape> shapes) {
        Map<String, Object> properties = new TreeMap<>();
        Map<String, Object> patterns = new LinkedHashMap<>();
        String prefix = group.isEmpty() ? "" : group + ".";
        shapes.forEach((name, shape) -> {
            if (name.startsWith(prefix)) {
                for (String inner = name; inner.length() > prefix.length()
                        && !inner.equals(group); inner = parent(inner)) {
                    properties.put(inner.substring(prefix.length()), Map.of("$ref", "#/$defs/" + inner));
                }
                if (shape instanceof Shape.Keyed keyed) {
                    keyed(name.substring(prefix.length()), keyed, patterns);
                }
            }
        });
        Map<String, Object> schema = Shape.ordered("type", "object", "properties", properties);
        if (!patterns.isEmpty()) {
            schema.put("patternProperties", patterns);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    // clients.identity: {...}, and clients.identity.url: ...
    private static void keyed(String name, Shape.Keyed keyed, Map<String, Object> patterns) {
        String key = "^" + name.replace(".", "\\.") + "\\.(" + keyed.pattern().replace("[^\\s:]+", "[^\\s:.]+") + ")";
        patterns.put(key + "$", keyed.value().schema());
        if (keyed.value() instanceof Shape.Members members) {
            members.named()
                    .forEach((word, member) -> patterns.put(key + "\\." + word + "$", member.shape().schema()));
            members.others()
                    .ifPresent(
                            more -> patterns.put(key + "\\.(?!(" + String.join("|", members.named().keySet()) + ")$)("
                                    + more.pattern() + ")$", more.value().schema()));
        }
    }

    private static Object typed(Shape shape, String text) {
        return switch (shape) {
            case Shape.Whole _ -> Long.valueOf(text);
            case Shape.Flag _ -> Boolean.valueOf(text);
            default -> text;
        };
    }

    private static String parent(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }
}
