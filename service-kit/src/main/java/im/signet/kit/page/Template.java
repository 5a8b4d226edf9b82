package im.signet.kit.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A page or a message that a service writes: its name, and what it is filled with. To each value belongs a sample, so that
 * an operator's template can be tried before anybody reads it.
 */
public final class Template {

    /** What is written. */
    public enum Kind {
        /** {@code <name>.html}. */
        PAGE,
        /** {@code <name>-subject.txt}, {@code <name>-mail.txt} and {@code <name>-mail.html}. */
        MAIL,
        /** {@code <name>.txt}. */
        SMS
    }

    /** What a value is, and a sample of it. */
    sealed interface Value {

        /** One of a few words of ours, which choose between texts. */
        record Choice(List<String> words) implements Value {}

        /** Of our making: a link, a token. */
        record Given(String sample, boolean optional) implements Value {}

        /** What others may have chosen: names, addresses, texts. */
        record Told(Object sample, boolean optional) implements Value {}

        /** A list, which may be empty, of what has values of its own; those of these names others may have chosen. */
        record Rows(List<Map<String, Object>> samples, Set<String> told) implements Value {}

        /** What is put in as it is. */
        record Inserted(Markup sample) implements Value {}
    }

    private final Kind kind;
    private final String name;
    private final Map<String, Value> values;

    private Template(Kind kind, String name, Map<String, Value> values) {
        this.kind = kind;
        this.name = name;
        this.values = values;
    }

    /** Returns a template that takes no values. */
    public static Template of(Kind kind, String name) {
        return new Template(kind, name, Map.of());
    }

    private Template with(String value, Value what) {
        Map<String, Value> more = new LinkedHashMap<>(values);
        more.put(value, what);
        return new Template(kind, name, Collections.unmodifiableMap(more));
    }

    /** Returns this template with a value that is one of these words. */
    public Template choice(String value, String... words) {
        return with(value, new Value.Choice(List.of(words)));
    }

    /** Returns this template with a value of our making, which has to appear. */
    public Template given(String value, String sample) {
        return with(value, new Value.Given(sample, false));
    }

    /** Returns this template with a value of our making, which may be empty. */
    public Template givenOrEmpty(String value, String sample) {
        return with(value, new Value.Given(sample, true));
    }

    /** Returns this template with a value that others chose, which has to appear. */
    public Template told(String value, String sample) {
        return with(value, new Value.Told(sample, false));
    }

    /** Returns this template with a value that others chose, which may be empty. */
    public Template toldOrEmpty(String value, String sample) {
        return with(value, new Value.Told(sample, true));
    }

    /** Returns this template with a list of texts that others chose, all of which have to appear. */
    public Template told(String value, List<String> samples) {
        return with(value, new Value.Told(List.copyOf(samples), false));
    }

    /**
     * Returns this template with a list, which may be empty.
     *
     * @param samples what stands in each row, by name: texts, and lists of further rows
     * @param told    the names of what others chose, in rows of rows, too
     */
    public Template rows(String value, List<Map<String, Object>> samples, String... told) {
        return with(value, new Value.Rows(List.copyOf(samples), Set.of(told)));
    }

    /** Returns this template with markup, which has to appear, by {@code signet:markup}. */
    public Template inserted(String value, Markup sample) {
        return with(value, new Value.Inserted(sample));
    }

    Kind kind() {
        return kind;
    }

    /** Returns the names of its files, the subject's first where it is a mail. */
    List<String> files() {
        return switch (kind) {
            case PAGE -> List.of(name + ".html");
            case MAIL -> List.of(name + "-subject.txt", name + "-mail.txt", name + "-mail.html");
            case SMS -> List.of(name + ".txt");
        };
    }

    /** Refuses values of other names than the declared ones. */
    void check(Map<String, ?> filling) {
        if (!filling.keySet().equals(values.keySet())) {
            throw new IllegalArgumentException(
                    name + " takes " + values.keySet() + ", and was given " + filling.keySet());
        }
    }

    /** Returns fillings that between them have every choice, and everything optional both there and empty. */
    List<Map<String, Object>> samples() {
        List<Map<String, Object>> samples = List.of(new LinkedHashMap<>());
        boolean optionals = values.values().stream().anyMatch(Template::isOptional);
        for (Map.Entry<String, Value> value : values.entrySet()) {
            List<Map<String, Object>> longer = new ArrayList<>();
            for (Map<String, Object> sample : samples) {
                for (Object each : value.getValue() instanceof Value.Choice(List<String> words)
                        ? words
                        : List.of(sampleOf(value.getValue()))) {
                    Map<String, Object> more = new LinkedHashMap<>(sample);
                    more.put(value.getKey(), each);
                    longer.add(more);
                }
            }
            samples = longer;
        }
        if (optionals) {
            List<Map<String, Object>> both = new ArrayList<>(samples);
            for (Map<String, Object> sample : samples) {
                Map<String, Object> bare = new LinkedHashMap<>(sample);
                bare.replaceAll((value,
                        filled) -> !isOptional(valueOf(value)) ? filled : filled instanceof List ? List.of() : "");
                both.add(bare);
            }
            samples = both;
        }
        return samples;
    }

    /** Returns a filling with this text in place of everything that others may choose. */
    Map<String, Object> withHostile(Map<String, Object> sample, String text) {
        Map<String, Object> hostile = new LinkedHashMap<>(sample);
        hostile.replaceAll((value, filled) -> {
            if (valueOf(value) instanceof Value.Rows(_, Set<String> told)) {
                return hostileRows(filled, told, text);
            }
            if (!(valueOf(value) instanceof Value.Told) || filled.equals("")) {
                return filled;
            }
            return filled instanceof List<?> list ? Collections.nCopies(list.size(), text) : text;
        });
        return hostile;
    }

    private static Object hostileRows(Object rows, Set<String> told, String text) {
        return ((List<?>) rows).stream().map(row -> {
            Map<Object, Object> hostile = new LinkedHashMap<>();
            ((Map<?, ?>) row).forEach((name, cell) -> hostile.put(name, cell instanceof List
                    ? hostileRows(cell, told, text)
                    : told.contains(String.valueOf(name)) ? text : cell));
            return hostile;
        }).toList();
    }

    /** Returns the texts of a filling that have to appear. */
    List<String> required(Map<String, Object> sample) {
        List<String> required = new ArrayList<>();
        sample.forEach((value, filled) -> {
            if (valueOf(value) instanceof Value.Rows) {
                addCells(filled, required);
            } else if (!isOptional(valueOf(value)) && !(valueOf(value) instanceof Value.Choice)
                    && !(filled instanceof Markup)) {
                if (filled instanceof List<?> list) {
                    list.forEach(element -> required.add(String.valueOf(element)));
                } else {
                    required.add(String.valueOf(filled));
                }
            }
        });
        return required;
    }

    private static void addCells(Object rows, List<String> required) {
        for (Object row : (List<?>) rows) {
            ((Map<?, ?>) row).values().forEach(cell -> {
                if (cell instanceof List) {
                    addCells(cell, required);
                } else if (!cell.equals("")) {
                    required.add(cell.toString());
                }
            });
        }
    }

    private Value valueOf(String value) {
        Value known = values.get(value);
        if (known == null) {
            throw new IllegalArgumentException(name + " takes no " + value);
        }
        return known;
    }

    private static boolean isOptional(Value value) {
        return switch (value) {
            case Value.Choice _ -> false;
            case Value.Given given -> given.optional();
            case Value.Told told -> told.optional();
            case Value.Rows _ -> true;
            case Value.Inserted _ -> false;
        };
    }

    private static Object sampleOf(Value value) {
        return switch (value) {
            case Value.Choice choice -> choice.words().getFirst();
            case Value.Given given -> given.sample();
            case Value.Told told -> told.sample();
            case Value.Rows rows -> rows.samples();
            case Value.Inserted inserted -> inserted.sample();
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
