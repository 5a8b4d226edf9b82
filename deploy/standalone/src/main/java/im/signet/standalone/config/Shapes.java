package im.signet.standalone.config;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** Reads off a component of a settings record what may be written for it. */
final class Shapes {

    private static final String NAME = "[A-Za-z0-9_-]{1,64}";
    private static final String RATE = "^[1-9][0-9]{0,5} then [1-9][0-9]{0,5} per [1-9][0-9]{0,5}[smhd]$";
    private static final String ALLOWANCE = "^[1-9][0-9]{0,11} then (0|[1-9][0-9]{0,11}) per [1-9][0-9]{0,5}[smhd]$";

    // Types of services that this package cannot see stand here by their names.
    private static final Map<String, Shape> BY_TYPE = Map.ofEntries(
            Map.entry("String", text("text")), Map.entry("ServerName", text("a Matrix server name")),
            Map.entry("AddressRange", text("an IP address or a CIDR block", "^[0-9A-Fa-f:.]+(/\\d{1,3})?$")),
            Map.entry("HomeserverPattern", text("a server name, or `*.` and a name for all below it")),
            Map.entry("Rate", text("a rate such as `5 then 1 per 5m`", RATE)),
            Map.entry("Allowance", text("a rate such as `50000 then 6 per 1h`", ALLOWANCE)),
            Map.entry("Locale", text("a language tag such as `en`")), Map.entry("URI", text("a URL")),
            Map.entry("Path", text("the path of a file or folder")));

    private Shapes() {}

    /**
     * Returns the shape of a component.
     *
     * @param setting      its name below {@code signet}
     * @param descriptions of what a record inside it says of its components
     * @throws IllegalStateException for a type that is not known here, so that a new one is not forgotten
     */
    static Shape of(String setting, RecordComponent component,
            Function<Class<?>, Map<String, String>> descriptions) {
        return setting.equals("signet.terms.policies")
                ? policies()
                : of(setting, ResolvableType.forType(component.getGenericType()), component, descriptions);
    }

    private static Shape of(String setting, ResolvableType type, RecordComponent component,
            Function<Class<?>, Map<String, String>> descriptions) {
        Class<?> raw = type.resolve(Object.class);
        if (raw == int.class || raw == Integer.class) {
            return whole(component);
        } else if (raw == boolean.class || raw == Boolean.class) {
            return new Shape.Flag();
        } else if (raw.isEnum()) {
            return new Shape.Choice(Arrays.stream(raw.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .sorted()
                    .toList());
        } else if (raw == Duration.class) {
            return new Shape.Time(annotation(component, DurationMin.class).map(Shapes::time).orElse(null),
                    annotation(component, DurationMax.class).map(Shapes::time).orElse(null));
        } else if (raw == List.class) {
            return new Shape.Items(of(setting, type.getGeneric(0), component, descriptions));
        } else if (raw == Map.class) {
            Shape value = of(setting, type.getGeneric(1), component, descriptions);
            return value instanceof Shape.Members
                    ? new Shape.Keyed("`NAME`", NAME, value)
                    : new Shape.Keyed("`NAME`", "[^\\s:]+", value);
        } else if (raw.isRecord() && !BY_TYPE.containsKey(raw.getSimpleName())) {
            return members(setting, raw, descriptions);
        }
        Shape known = BY_TYPE.get(raw.getSimpleName());
        if (known == null) {
            throw new IllegalStateException("Shapes does not know what " + raw.getName() + " of " + setting + " is");
        }
        return annotation(component, Pattern.class).<Shape>map(
                pattern -> new Shape.Text(known.words(), Optional.of("^" + pattern.regexp() + "$"))).orElse(known);
    }

    private static Shape whole(RecordComponent component) {
        Long min = annotation(component, Positive.class).isPresent()
                ? Long.valueOf(1)
                : annotation(component, Min.class).map(Min::value).orElse(null);
        return new Shape.Whole(min, annotation(component, Max.class).map(Max::value).orElse(null));
    }

    private static Shape members(String setting, Class<?> record,
            Function<Class<?>, Map<String, String>> descriptions) {
        Map<String, Shape.Member> members = new LinkedHashMap<>();
        Map<String, String> texts = descriptions.apply(record);
        for (RecordComponent component : record.getRecordComponents()) {
            String name = SettingsCatalog.dashed(component.getName());
            members.put(name, new Shape.Member(of(setting + "." + name, component, descriptions),
                    texts.getOrDefault(name, ""), isRequired(component)));
        }
        return new Shape.Members(members, Optional.empty(), List.of());
    }

    // Read by PolicyConfiguration, and not by a record, as a policy has languages for names.
    private static Shape policies() {
        Map<String, Shape.Member> language = new LinkedHashMap<>();
        language.put("name", new Shape.Member(text("text"), "what people read as its name", true));
        language.put("url", new Shape.Member(text("a URL", "^https?://"), "where its text is, if not here", false));
        language.put("file",
                new Shape.Member(text("the path of a file"), "the text that this server publishes", false));
        Map<String, Shape.Member> policy = new LinkedHashMap<>();
        policy.put("version", new Shape.Member(text("text, in quotes where it is a number",
                "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"), "the version that people accept; a changed text gets a new one",
                true));
        policy.put("required-from", new Shape.Member(text("a day such as `2026-12-31`", "^\\d{4}-\\d{2}-\\d{2}$"),
                "the day (UTC) until which who accepted another version is served", false));
        policy.put("services", new Shape.Member(new Shape.Items(text("a service's name", "^" + NAME + "$")),
                "the services that ask for it: identity, names, or those of introspection.clients; all by default",
                false));
        Shape.Members document = new Shape.Members(language, Optional.empty(), List.of("url", "file"));
        return new Shape.Keyed("`ID`", NAME, new Shape.Members(policy,
                Optional.of(new Shape.Keyed("language", "[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", document)), List.of()));
    }

    /** Returns whether something must be written. */
    static boolean isRequired(RecordComponent component) {
        return annotation(component, NotNull.class).isPresent();
    }

    /** Returns the shape of a setting that is not ours. */
    static Shape ofOther(Class<?> type, long min, long max) {
        if (type == Integer.class) {
            return new Shape.Whole(min, max);
        }
        return type == InetAddress.class ? text("an IP address or a name") : text("text");
    }

    // What may stand on methods and not on components is on the accessor.
    private static <A extends Annotation> Optional<A> annotation(RecordComponent component, Class<A> type) {
        @Nullable
        A found = component.getAccessor().getAnnotation(type);
        return Optional.ofNullable(found);
    }

    private static Duration time(DurationMin min) {
        return Duration.ofDays(min.days()).plusHours(min.hours()).plusMinutes(min.minutes()).plusSeconds(min.seconds());
    }

    private static Duration time(DurationMax max) {
        return Duration.ofDays(max.days()).plusHours(max.hours()).plusMinutes(max.minutes()).plusSeconds(max.seconds());
    }

    private static Shape text(String words) {
        return new Shape.Text(words, Optional.empty());
    }

    private static Shape text(String words, String pattern) {
        return new Shape.Text(words, Optional.of(pattern));
    }
}
