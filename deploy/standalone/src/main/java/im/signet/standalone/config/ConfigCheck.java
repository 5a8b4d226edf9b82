package im.signet.standalone.config;

import im.signet.kit.holding.remote.RemoteHoldingsRegistrar;
import im.signet.kit.settings.SettingsCheck;
import im.signet.kit.settings.UnusableSettingException;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import org.hibernate.validator.HibernateValidator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Finds everything that would stop a start over its settings, without a start, a database or a network, and all of it at
 * once; and what is probably not meant. Says nothing of what a secret is.
 */
public final class ConfigCheck {

    private static final Pattern SETTING = Pattern
            .compile("(signet|server|management)\\.[a-z][a-z0-9-]*([.\\[][A-Za-z0-9_.\\[\\]-]*[A-Za-z0-9_\\]])?");

    private final SettingsCatalog catalog;
    private final SettingsSources sources;
    private final Service.Served served;
    private final Binder binder;
    private final Validator validator;
    private final Set<Finding> findings = new LinkedHashSet<>();

    private ConfigCheck(SettingsCatalog catalog, SettingsSources sources, Service.Served served) {
        this.catalog = catalog;
        this.sources = sources;
        this.served = served;
        this.binder = Binder.get(sources.environment());
        this.validator = Validation.byProvider(HibernateValidator.class)
                .configure()
                .locales(Locale.ENGLISH)
                .defaultLocale(Locale.ENGLISH)
                .buildValidatorFactory()
                .getValidator();
    }

    /** Returns what is wrong with settings, errors first. */
    public static List<Finding> of(SettingsCatalog catalog, SettingsSources sources, Service.Served served) {
        ConfigCheck check = new ConfigCheck(catalog, sources, served);
        check.findings.addAll(sources.unreadable());
        if (!sources.isComplete()) {
            return List.copyOf(check.findings);
        }
        catalog.records().stream().filter(record -> served.concerns(record.getName())).forEach(check::record);
        OtherSettings.all().forEach(check::other);
        check.checksOfModules();
        Contradictions.of(sources.environment(), served).forEach(check::add);
        if (served.services().equals(Set.of(Service.TERMS))) {
            check.attempt(() -> RemoteHoldingsRegistrar.problems(sources.environment())).forEach(check::add);
        }
        TemplateFindings.of(sources.environment()).forEach(check::add);
        check.findings.addAll(Warnings.of(catalog, sources, served));
        List<Finding> sorted = new ArrayList<>(check.findings);
        sorted.sort((a, b) -> a.severity().compareTo(b.severity()));
        return List.copyOf(sorted);
    }

    private void checksOfModules() {
        SpringFactoriesLoader.forDefaultResourceLocation(ConfigCheck.class.getClassLoader())
                .load(SettingsCheck.class)
                .stream()
                .filter(check -> served.concerns(check.getClass().getName()))
                .forEach(check -> attempt(() -> check.check(sources.environment())).forEach(this::add));
    }

    // A check that cannot bind what it looks at leaves that to the checks of its record.
    private List<UnusableSettingException> attempt(
            Supplier<List<UnusableSettingException>> check) {
        try {
            return check.get();
        } catch (BindException foundElsewhere) {
            return List.of();
        }
    }

    private void add(UnusableSettingException wrong) {
        String text = String.valueOf(wrong.getMessage());
        Matcher setting = SETTING.matcher(text);
        String where = setting.find() ? sources.where(setting.group()).orElse("") : "";
        // Where it is stands before it already.
        findings.add(new Finding(Finding.Severity.ERROR, where, text.replaceFirst(" \\([^()]*\\d+:\\d+\\)", ""),
                wrong.mend()));
    }

    private void record(Class<?> record) {
        String prefix = SettingsCatalog.prefix(record);
        boolean allBound = true;
        for (RecordComponent component : record.getRecordComponents()) {
            allBound &= component(record, component, prefix + "." + SettingsCatalog.dashed(component.getName()));
        }
        if (!allBound) {
            return;
        }
        try {
            Object bound = binder.bindOrCreate(prefix, Bindable.of(record));
            validator.validate(bound).forEach(violation -> violated(record, violation));
        } catch (BindException wrong) {
            addUnbindable(prefix, wrong, new Shape.Text("settings", Optional.empty()));
        }
    }

    // Each by itself, so that the first that is wrong does not hide the next; constraints of one value, too.
    private boolean component(Class<?> record, RecordComponent component, String name) {
        Shape shape = catalog.settings()
                .stream()
                .filter(setting -> setting.name().equals(name))
                .map(Setting::shape)
                .findFirst()
                .orElse(new Shape.Text("settings", Optional.empty()));
        try {
            BindResult<Object> bound = binder.bind(name,
                    Bindable.of(ResolvableType.forType(component.getGenericType())));
            if (bound.isBound()) {
                validator.validateValue(record, component.getName(), bound.get())
                        .forEach(violation -> violated(record, violation));
            } else if (Shapes.isRequired(component)) {
                findings.add(new Finding(Finding.Severity.ERROR, "", "The setting " + name + " is missing.",
                        "Write " + shape.words() + "."));
                return false;
            }
            return true;
        } catch (BindException wrong) {
            if (shape instanceof Shape.Items items) {
                eachItem(name, items, ResolvableType.forType(component.getGenericType()).getGeneric(0), wrong);
            } else {
                addUnbindable(name, wrong, shape);
            }
            return false;
        }
    }

    private void eachItem(String name, Shape.Items items, ResolvableType type, BindException wrong) {
        boolean found = false;
        for (int i = 0; sources.property(name + "[" + i + "]").isPresent(); i++) {
            try {
                binder.bind(name + "[" + i + "]", Bindable.of(type));
            } catch (BindException one) {
                addUnbindable(name + "[" + i + "]", one, items.item());
                found = true;
            }
        }
        if (!found) {
            addUnbindable(name, wrong, items);
        }
    }

    private void addUnbindable(String name, BindException wrong, Shape shape) {
        ConfigurationProperty property = wrong.getProperty();
        String setting = property == null ? name : property.getName().toString();
        String where = property == null
                ? sources.where(name).orElse("")
                : SettingsSources.words(property).orElse("");
        boolean secret = mayHoldASecret(setting);
        Object value = property == null ? null : property.getValue();
        String shown = value == null || secret || value.toString().length() > 200 ? "what it says" : "'" + value + "'";
        findings.add(new Finding(Finding.Severity.ERROR, where,
                "The setting " + setting + " cannot be read: " + shown + " is not " + shape.words() + ownWords(wrong)
                        + ".",
                "Write " + shape.words() + "."));
    }

    // What was written in the place of a group, or of one of its members, may be the secret that belongs further down.
    private boolean mayHoldASecret(String setting) {
        return catalog.settings()
                .stream()
                .filter(known -> known.isSecret() || known.shape() instanceof Shape.Keyed)
                .anyMatch(known -> isWithin(setting, known.name()) || isWithin(known.name(), setting));
    }

    private static boolean isWithin(String name, String group) {
        return name.startsWith(group)
                && (name.length() == group.length() || ".[".indexOf(name.charAt(group.length())) >= 0);
    }

    // Our own types say what is wrong with a text; what the JDK says quotes it, and helps nobody.
    private static String ownWords(BindException wrong) {
        Throwable root = wrong;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        @Nullable
        StackTraceElement thrownBy = root.getStackTrace().length == 0 ? null : root.getStackTrace()[0];
        return root.getClass() == IllegalArgumentException.class && thrownBy != null
                && thrownBy.getClassName().startsWith("im.signet.") ? " (" + root.getMessage() + ")" : "";
    }

    // A rule over several settings says in its message which it means.
    private void violated(Class<?> record, ConstraintViolation<?> violation) {
        String prefix = SettingsCatalog.prefix(record);
        String path = SettingsCatalog.dashed(violation.getPropertyPath().toString());
        String message = violation.getMessage();
        Optional<Setting> exact = named(prefix + "." + path.replaceFirst("\\[.*", ""));
        Optional<Setting> meant = exact.or(() -> catalog.settings()
                .stream()
                .filter(setting -> setting.record().startsWith(record.getName()))
                .filter(setting -> message.contains(wordFor(setting, message)))
                .min(Comparator.comparingInt(setting -> message.indexOf(wordFor(setting, message)))));
        String name = meant.map(Setting::name).orElse(prefix);
        String what = exact.isPresent()
                ? "The setting " + name + " " + message + "."
                : message.startsWith("signet.")
                        ? "The setting " + message + "."
                        : "The settings of " + prefix + ": " + message + ".";
        findings.add(new Finding(Finding.Severity.ERROR, sources.where(name).orElse(""), what, exact
                .map(setting -> "Write " + setting.shape().words() + ".")
                .orElse("The reference of settings says more under " + name + ".")));
    }

    private static String wordFor(Setting setting, String message) {
        return message.startsWith("signet.") ? setting.name() : setting.lastWord();
    }

    private Optional<Setting> named(String name) {
        return catalog.settings().stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    private void other(OtherSettings.Other other) {
        try {
            BindResult<?> bound = binder.bind(other.name(), Bindable.of(other.type()));
            if (bound.isBound() && other.shape() instanceof Shape.Whole(Long min, Long max)
                    && bound.get() instanceof Integer number
                    && ((min != null && number < min) || (max != null && number > max))) {
                findings.add(new Finding(Finding.Severity.ERROR, sources.where(other.name()).orElse(""),
                        "The setting " + other.name() + " is " + number + ".", "Write " + other.shape().words() + "."));
            }
        } catch (BindException wrong) {
            addUnbindable(other.name(), wrong, other.shape());
        }
    }
}
