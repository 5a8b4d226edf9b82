package im.signet.kit.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Stops the start on a key below {@code signet} that no service knows, and suggests the near one: a mistyped setting that
 * is silently ignored is worse than one that is refused. What is known is read off the settings records themselves.
 */
final class UnknownSettings implements BeanFactoryPostProcessor {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("signet");

    private final Environment environment;

    UnknownSettings(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        List<String> known = new ArrayList<>();
        for (String bean : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(bean, false);
            ConfigurationProperties prefix = type == null ? null
                    : AnnotationUtils.findAnnotation(ClassUtils.getUserClass(type), ConfigurationProperties.class);
            if (type != null && prefix != null && type.isRecord() && prefix.value().startsWith("signet")) {
                collect(prefix.value(), type, known);
            }
        }
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names && !isEnvironment(source)) {
                names.stream().filter(ROOT::isAncestorOf).filter(name -> !isKnown(name, known)).findFirst()
                        .ifPresent(name -> refuse(source, name, known));
            }
        }
    }

    // A variable's name does not say where its words end (SIGNET_SERVER_NAME), and a machine may set others' variables.
    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return String.valueOf(source.getUnderlyingSource()).contains("SystemEnvironment");
    }

    private static void collect(String prefix, Class<?> record, List<String> known) {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "." + dashed(component.getName());
            if (Map.class.isAssignableFrom(component.getType()) || List.class.isAssignableFrom(component.getType())) {
                known.add(name);
                known.add(name + ".*");
                known.add(name + "[*");
            } else if (component.getType().isRecord() && component.getType().getPackageName().startsWith("im.signet.")
                    && !isValue(component.getType())) {
                collect(name, component.getType(), known);
            } else {
                known.add(name);
            }
        }
    }

    // A record of one string, such as ServerName, is written as that string.
    private static boolean isValue(Class<?> record) {
        Type[] types = java.util.Arrays.stream(record.getRecordComponents()).map(RecordComponent::getGenericType)
                .toArray(Type[]::new);
        return types.length == 1 && !(types[0] instanceof ParameterizedType);
    }

    private static boolean isKnown(ConfigurationPropertyName name, List<String> known) {
        String text = name.toString();
        return known.stream().anyMatch(pattern -> pattern.endsWith("*")
                ? text.startsWith(pattern.substring(0, pattern.length() - 1))
                : text.equals(pattern));
    }

    private static void refuse(ConfigurationPropertySource source, ConfigurationPropertyName name, List<String> known) {
        Origin origin = Origin.from(source.getConfigurationProperty(name));
        String nearest = known.stream().filter(candidate -> !candidate.endsWith("*"))
                .min(Comparator.comparingInt(candidate -> distance(candidate, name.toString()))).orElse("signet");
        throw new UnusableSettingException(
                "The setting " + name + (origin == null ? "" : " (" + origin + ")") + " does not exist.",
                distance(nearest, name.toString()) <= 4 ? "Did you mean " + nearest + "?"
                        : "Remove it. Known are: "
                                + String.join(", ", new TreeSet<>(known.stream().filter(k -> !k.endsWith("*")).toList())));
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
