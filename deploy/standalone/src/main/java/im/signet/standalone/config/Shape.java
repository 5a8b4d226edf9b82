package im.signet.standalone.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** What may be written as a setting: its words for people, and its JSON schema. */
sealed interface Shape {

    /** Returns what it is in an operator's words, such as "a whole number from 1 to 65535". */
    String words();

    /** Returns the JSON schema of what may stand in YAML. */
    Map<String, Object> schema();

    /**
     * Text.
     *
     * @param words   what it is
     * @param pattern what it matches; none: anything
     */
    record Text(String words, Optional<String> pattern) implements Shape {

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = ordered("type", "string");
            pattern.ifPresent(regex -> schema.put("pattern", regex));
            return schema;
        }
    }

    /** A whole number between two bounds, where there are any. */
    record Whole(@Nullable Long min, @Nullable Long max) implements Shape {

        @Override
        public String words() {
            return "a whole number" + bounds(min, max);
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = ordered("type", "integer");
            if (min != null) {
                schema.put("minimum", min);
            }
            if (max != null) {
                schema.put("maximum", max);
            }
            return schema;
        }
    }

    /** On or off. */
    record Flag() implements Shape {

        @Override
        public String words() {
            return "`true` or `false`";
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("type", "boolean");
        }
    }

    /** One of some words. */
    record Choice(List<String> values) implements Shape {

        @Override
        public String words() {
            return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", ", "one of ", ""));
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("enum", values);
        }
    }

    /** A length of time between two bounds, where there are any. */
    record Time(@Nullable Duration min, @Nullable Duration max) implements Shape {

        @Override
        public String words() {
            return "a time such as `90s`, `15m`, `24h` or `30d`"
                    + bounds(min == null ? null : shown(min), max == null ? null : shown(max));
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("type", "string", "pattern", "^(\\d+(ns|us|ms|s|m|h|d)|P[0-9DTHMS.]+)$");
        }

        private static String shown(Duration time) {
            if (time.toMinutes() % (24 * 60) == 0) {
                return time.toDays() + "d";
            }
            return time.toMinutes() % 60 == 0 ? time.toHours() + "h" : time.toMinutes() + "m";
        }
    }

    /** A list of such. */
    record Items(Shape item) implements Shape {

        @Override
        public String words() {
            return "a list; each is " + item.words();
        }

        // One value may stand without brackets, and several as a text with commas.
        @Override
        public Map<String, Object> schema() {
            Map<String, Object> list = ordered("type", "array", "items", item.schema());
            return ordered("anyOf", List.of(list, item instanceof Text ? item.schema() : ordered("type", "string")));
        }
    }

    /**
     * Values by a key that the operator chooses.
     *
     * @param key     what stands in the reference for it
     * @param pattern what a key matches
     */
    record Keyed(String key, String pattern, Shape value) implements Shape {

        @Override
        public String words() {
            return "by " + key + ", " + value.words();
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("type", "object", "patternProperties",
                    ordered("^(" + pattern + ")$", value.schema()), "additionalProperties", false);
        }
    }

    /** A member of what has several. */
    record Member(Shape shape, String description, boolean required) {}

    /**
     * Several members with names.
     *
     * @param others what all other names lead to, by their pattern; none where there are no others
     * @param oneOf  members of which there is one and not more
     */
    record Members(Map<String, Member> named, Optional<Keyed> others, List<String> oneOf) implements Shape {

        @Override
        public String words() {
            String all = named.keySet().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
            return all + others.map(more -> " and " + more.words()).orElse("");
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> properties = new LinkedHashMap<>();
            named.forEach((name, member) -> {
                Map<String, Object> schema = new LinkedHashMap<>(member.shape().schema());
                schema.put("description", member.description());
                properties.put(name, schema);
            });
            Map<String, Object> schema = ordered("type", "object", "properties", properties);
            others.ifPresent(more -> schema.put("patternProperties",
                    ordered("^(" + more.pattern() + ")$", more.value().schema())));
            schema.put("additionalProperties", false);
            List<String> required = named.entrySet()
                    .stream()
                    .filter(member -> member.getValue().required())
                    .map(Map.Entry::getKey)
                    .toList();
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            if (!oneOf.isEmpty()) {
                schema.put("oneOf", oneOf.stream().map(name -> ordered("required", List.of(name))).toList());
            }
            return schema;
        }
    }

    private static String bounds(@Nullable Object min, @Nullable Object max) {
        if (min != null && max != null) {
            return String.format(Locale.ROOT, " from %s to %s", min, max);
        }
        return min != null ? ", at least " + min : max != null ? ", at most " + max : "";
    }

    /** Returns a map in the order of writing. */
    static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
