package im.signet.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * What a server would run with, as YAML, each line with where it is from. Secrets are hidden; all else can be read back.
 */
final class EffectiveSettings {

    static final String HIDDEN = "(hidden)";
    private static final String DEFAULT = "default";
    private static final Pattern USER_IN_URL = Pattern
            .compile("(?i)//[^/?\\s]*@|[?&;][a-z_-]*(password|secret|token|key)=");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/_.][A-Za-z0-9/_.@:+-]*[A-Za-z0-9/_.]|[A-Za-z0-9]");
    // What YAML reads as something else than text, or not as it is written.
    private static final Pattern NOT_TEXT = Pattern.compile(
            "(?i)true|false|yes|no|on|off|null|y|n|~|[-+]?[0-9._]*|[-+]?[0-9.]+e[-+]?[0-9]+|0[xo][0-9a-f]+|[0-9][0-9:._TZ+-]*|.*:|\\..*");

    private final SettingsSources sources;
    private final Binder binder;
    private final TreeMap<String, String> lines = new TreeMap<>();
    private final List<String> unset = new ArrayList<>();
    private final boolean changedOnly;

    private EffectiveSettings(SettingsSources sources, boolean changedOnly) {
        this.sources = sources;
        this.binder = Binder.get(sources.environment());
        this.changedOnly = changedOnly;
    }

    /**
     * Returns the YAML.
     *
     * @param changedOnly whether to leave out what is as it comes
     */
    static String of(SettingsCatalog catalog, SettingsSources sources, Service.Served served, boolean changedOnly) {
        EffectiveSettings effective = new EffectiveSettings(sources, changedOnly);
        for (OtherSettings.Other other : OtherSettings.all()) {
            effective.one(other.name(), other.defaults(), other.shape(), false);
        }
        catalog.settings()
                .stream()
                .filter(setting -> served.concerns(setting.record()))
                .forEach(setting -> effective.one(setting.name(), setting.defaults(), setting.shape(),
                        setting.isSecret()));
        return effective.yaml();
    }

    private void one(String name, List<String> defaults, Shape shape, boolean secret) {
        Optional<String> where = sources.where(name);
        if (where.isEmpty() && changedOnly) {
            return;
        }
        if (shape instanceof Shape.Keyed) {
            Map<String, Object> members = bind(name, Bindable.mapOf(String.class, Object.class)).orElse(Map.of());
            members.forEach((key, value) -> nested(name + "." + key, key, value, secret));
            return;
        }
        if (where.isEmpty() && defaults.isEmpty()) {
            if (shape instanceof Shape.Items) {
                put(name, "[]", DEFAULT);
            } else {
                unset.add(name);
            }
            return;
        }
        String from = where.orElse(DEFAULT);
        if (shape instanceof Shape.Items) {
            List<String> values = where.isEmpty()
                    ? defaults
                    : bind(name, Bindable.listOf(String.class)).orElse(defaults);
            put(name, values.stream().map(value -> shown(value, secret)).collect(Collectors.joining(", ", "[", "]")),
                    from);
        } else {
            String value = where.isEmpty() ? defaults.getFirst() : bind(name, Bindable.of(String.class)).orElse("");
            put(name, shape instanceof Shape.Whole || shape instanceof Shape.Flag ? value : shown(value, secret), from);
        }
    }

    private void nested(String name, String key, Object value, boolean secret) {
        boolean hidden = secret || Setting.isSecretWord(key);
        if (value instanceof Map<?, ?> members) {
            members.forEach((inner, below) -> nested(name + "." + inner, String.valueOf(inner), below, hidden));
        } else {
            put(name, shown(String.valueOf(value), hidden), sources.where(name).orElse(DEFAULT));
        }
    }

    // What cannot be bound is shown as nothing: `config check` says what is wrong with it.
    private <T> Optional<T> bind(String name, Bindable<T> as) {
        try {
            return Optional.ofNullable(binder.bind(name, as).orElse(null));
        } catch (BindException foundElsewhere) {
            return Optional.empty();
        }
    }

    private void put(String name, String value, String from) {
        lines.put(name, value + "\0" + from);
    }

    private static String shown(String value, boolean secret) {
        if ((secret && !value.isEmpty()) || USER_IN_URL.matcher(value).find()) {
            return HIDDEN;
        }
        return PLAIN.matcher(value).matches() && !NOT_TEXT.matcher(value).matches() && !value.contains(": ")
                ? value
                : "\"" + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t") + "\"";
    }

    private String yaml() {
        StringBuilder yaml = new StringBuilder();
        String[] open = {};
        for (Map.Entry<String, String> line : lines.entrySet()) {
            String[] parts = line.getKey().split("\\.");
            int common = 0;
            while (common < Math.min(open.length, parts.length - 1) && open[common].equals(parts[common])) {
                common++;
            }
            for (int depth = common; depth < parts.length - 1; depth++) {
                yaml.append("  ".repeat(depth)).append(parts[depth]).append(":\n");
            }
            int cut = line.getValue().indexOf('\0');
            String text = "  ".repeat(parts.length - 1) + parts[parts.length - 1] + ": "
                    + line.getValue().substring(0, cut);
            yaml.append(String.format("%-60s", text))
                    .append("  # ")
                    .append(line.getValue().substring(cut + 1))
                    .append('\n');
            open = parts;
        }
        if (!unset.isEmpty()) {
            yaml.append("# Not set, and without a default:\n");
            unset.forEach(name -> yaml.append("#   ").append(name).append('\n'));
        }
        return yaml.toString();
    }
}
