package im.signet.kit.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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
        unknown(environment, known)
                .filter(unknown -> ofOtherServices().stream().noneMatch(setting -> setting.covers(unknown.name())))
                .findFirst()
                .ifPresent(unknown -> {
                    throw unknown.refusal(Stream.concat(known.stream(), ofOtherServices().stream()).toList());
                });
    }

    /** Returns what is wrong with each setting of the environment that no service knows. */
    static List<UnusableSettingException> findAll(Environment environment) {
        List<Known> known = ofAllServices();
        return unknown(environment, known).map(unknown -> unknown.refusal(known)).toList();
    }

    /** A setting that is not known, and what says it. */
    private record Unknown(ConfigurationPropertySource source, ConfigurationPropertyName name) {

        UnusableSettingException refusal(List<Known> known) {
            Origin origin = Origin.from(source.getConfigurationProperty(name));
            List<String> names = known.stream().flatMap(setting -> setting.namesFor(name)).distinct().sorted().toList();
            String asked = name.toString();
            String nearest = names.stream()
                    .min(Comparator.comparingInt(candidate -> distance(candidate, asked)))
                    .orElse(asked);
            return new UnusableSettingException(
                    "The setting " + name + (origin == null ? "" : " (" + origin + ")") + " does not exist.",
                    distance(nearest, asked) <= 4
                            ? "Did you mean " + nearest + "?"
                            : "Remove it. Known are: " + String.join(", ", names));
        }
    }

    private static Stream<Unknown> unknown(Environment environment, List<Known> known) {
        return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(source -> !isEnvironment(source))
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast)
                .flatMap(source -> source.stream()
                        .filter(ROOT::isAncestorOf)
                        .filter(name -> known.stream().noneMatch(setting -> setting.covers(name)))
                        .map(name -> new Unknown(source, name)));
    }

    // Looked for when something is unknown only: it reads the names of all classes.
    private List<Known> ofOtherServices() {
        if (ofOthers == null) {
            ofOthers = ofAllServices();
        }
        return ofOthers;
    }

    private static List<Known> ofAllServices() {
        List<Known> found = new ArrayList<>();
        ClassPathScanningCandidateComponentProvider records = new ClassPathScanningCandidateComponentProvider(false);
        records.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        for (BeanDefinition definition : records.findCandidateComponents("im.signet")) {
            Class<?> type = ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), null);
            ConfigurationProperties prefix = AnnotationUtils.findAnnotation(type, ConfigurationProperties.class);
            if (prefix != null && type.isRecord() && prefix.value().startsWith("signet")) {
                collect(ConfigurationPropertyName.of(prefix.value()), type, found);
            }
        }
        return List.copyOf(found);
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

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Returns how many letters were left out, added, mistaken, or swapped with the next. */
    private static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            rows[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                if (i == 0) {
                    rows[i][j] = j;
                    continue;
                }
                int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                rows[i][j] = Math.min(replaced, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[a.length()][b.length()];
    }
}
