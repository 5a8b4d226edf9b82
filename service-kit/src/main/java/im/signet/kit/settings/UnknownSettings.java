package im.signet.kit.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Stops the start on a key below {@code signet} that no service knows, and suggests the near one: a mistyped setting that
 * is silently ignored is worse than one that is refused. What is known is read off the settings records themselves: of the
 * services that run here and, as services that run apart may share a file, of those that could.
 */
final class UnknownSettings implements BeanFactoryPostProcessor {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("signet");

    private final Environment environment;
    private @Nullable List<Known> ofOthers;

    UnknownSettings(Environment environment) {
        this.environment = environment;
    }

    /**
     * A setting that a record has.
     *
     * @param open    whether something may stand below it: it is a map or a list
     * @param members what may stand below each key of a map of records; empty where anything may
     */
    private record Known(ConfigurationPropertyName name, boolean open, List<String> members) {

        boolean covers(ConfigurationPropertyName asked) {
            return name.equals(asked)
                    || (open && name.isAncestorOf(asked) && (members.isEmpty() || namesMember(asked)));
        }

        // Of `clients.garden.secret` the entry is `clients.garden`; names are equal in whatever spelling.
        private boolean namesMember(ConfigurationPropertyName asked) {
            ConfigurationPropertyName entry = asked.chop(name.getNumberOfElements() + 1);
            return members.stream()
                    .map(entry::append)
                    .anyMatch(member -> member.equals(asked) || member.isAncestorOf(asked));
        }

        /** Returns how it is written, with the keys of maps as in what was asked for. */
        Stream<String> namesFor(ConfigurationPropertyName asked) {
            String key = name.isAncestorOf(asked)
                    ? asked.getElement(name.getNumberOfElements(), ConfigurationPropertyName.Form.ORIGINAL)
                    : "NAME";
            return members.isEmpty()
                    ? Stream.of(name.toString())
                    : members.stream().map(member -> name + "." + key + "." + member);
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        List<Known> known = new ArrayList<>();
        for (String bean : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(bean, false);
            ConfigurationProperties prefix = type == null
                    ? null
                    : AnnotationUtils.findAnnotation(ClassUtils.getUserClass(type), ConfigurationProperties.class);
            if (type != null && prefix != null && type.isRecord() && prefix.value().startsWith("signet")) {
                collect(ConfigurationPropertyName.of(prefix.value()), type, known);
            }
        }
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names && !isEnvironment(source)) {
                names.stream()
                        .filter(ROOT::isAncestorOf)
                        .filter(name -> known.stream().noneMatch(setting -> setting.covers(name)))
                        .filter(name -> ofOtherServices().stream().noneMatch(setting -> setting.covers(name)))
                        .findFirst()
                        .ifPresent(name -> refuse(source, name,
                                Stream.concat(known.stream(), ofOtherServices().stream()).distinct().toList()));
            }
        }
    }

    // Looked for when something is unknown only: it reads the names of all classes.
    private List<Known> ofOtherServices() {
        if (ofOthers == null) {
            List<Known> found = new ArrayList<>();
            ClassPathScanningCandidateComponentProvider records = new ClassPathScanningCandidateComponentProvider(
                    false);
            records.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
            for (BeanDefinition definition : records.findCandidateComponents("im.signet")) {
                Class<?> type = ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), null);
                ConfigurationProperties prefix = AnnotationUtils.findAnnotation(type, ConfigurationProperties.class);
                if (prefix != null && type.isRecord() && prefix.value().startsWith("signet")) {
                    collect(ConfigurationPropertyName.of(prefix.value()), type, found);
                }
            }
            ofOthers = List.copyOf(found);
        }
        return ofOthers;
    }

    // A variable's name does not say where its words end (SIGNET_SERVER_NAME), and a machine may set others' variables.
    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return String.valueOf(source.getUnderlyingSource()).contains("SystemEnvironment");
    }

    private static void collect(ConfigurationPropertyName prefix, Class<?> record, List<Known> known) {
        for (RecordComponent component : record.getRecordComponents()) {
            ConfigurationPropertyName name = prefix.append(dashed(component.getName()));
            Class<?> type = component.getType();
            if (type.isRecord() && type.getRecordComponents().length > 1) {
                collect(name, type, known);
            } else {
                known.add(new Known(name, Map.class.isAssignableFrom(type) || List.class.isAssignableFrom(type),
                        membersOfValues(component)));
            }
        }
    }

    private static List<String> membersOfValues(RecordComponent map) {
        Class<?> value = ResolvableType.forType(map.getGenericType()).asMap().getGeneric(1).resolve(Object.class);
        return value.isRecord()
                ? Stream.of(value.getRecordComponents()).map(member -> dashed(member.getName())).toList()
                : List.of();
    }

    private static void refuse(ConfigurationPropertySource source, ConfigurationPropertyName name, List<Known> known) {
        Origin origin = Origin.from(source.getConfigurationProperty(name));
        List<String> names = known.stream().flatMap(setting -> setting.namesFor(name)).distinct().sorted().toList();
        String asked = name.toString();
        String nearest = names.stream()
                .min(Comparator.comparingInt(candidate -> distance(candidate, asked)))
                .orElse(asked);
        throw new UnusableSettingException(
                "The setting " + name + (origin == null ? "" : " (" + origin + ")") + " does not exist.",
                distance(nearest, asked) <= 4
                        ? "Did you mean " + nearest + "?"
                        : "Remove it. Known are: " + String.join(", ", names));
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Returns the Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
