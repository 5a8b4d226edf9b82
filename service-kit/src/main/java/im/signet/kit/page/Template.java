package im.signet.kit.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

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

        /** Any number of rows, each with the same values. */
        record Rows(Template row) implements Value {}

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
     * Returns this template with a list of rows, which may be empty; each is a map of the values that the row declares.
     *
     * @param row what one row takes: {@link #row()}
     */
    public Template rows(String value, Template row) {
        return with(value, new Value.Rows(row));
    }

    /** Returns this template with markup, which has to appear, by {@code signet:markup}. */
    public Template inserted(String value, Markup sample) {
        return with(value, new Value.Inserted(sample));
    }

    /** Returns what a row of a list takes: nothing yet. */
    public static Template row() {
        return of(Kind.PAGE, "row");
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
        values.forEach((value, what) -> {
            if (what instanceof Value.Rows(Template row)) {
                rowsIn(filling.get(value)).forEach(row::check);
            }
        });
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
                bare.replaceAll((value, filled) -> isOptional(valueOf(value))
                        ? valueOf(value) instanceof Value.Rows ? List.of() : ""
                        : filled);
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
            if (valueOf(value) instanceof Value.Rows(Template row)) {
                return rowsIn(filled).stream().map(each -> row.withHostile(each, text)).toList();
            }
            if (!(valueOf(value) instanceof Value.Told) || filled.equals("")) {
                return filled;
            }
            return filled instanceof List<?> list ? Collections.nCopies(list.size(), text) : text;
        });
        return hostile;
    }

    /** Returns the texts of a filling that have to appear. */
    List<String> required(Map<String, Object> sample) {
        List<String> required = new ArrayList<>();
        sample.forEach((value, filled) -> {
            if (valueOf(value) instanceof Value.Rows(Template row)) {
                rowsIn(filled).forEach(each -> required.addAll(row.required(each)));
            } else if (!isOptional(valueOf(value)) && !(valueOf(value) instanceof Value.Choice)
                    && !(valueOf(value) instanceof Value.Inserted)) {
                if (filled instanceof List<?> list) {
                    list.forEach(element -> required.add(String.valueOf(element)));
                } else {
                    required.add(String.valueOf(filled));
                }
            }
        });
        return required;
    }

    private Value valueOf(String value) {
        Value known = values.get(value);
        if (known == null) {
            throw new IllegalArgumentException(name + " takes no " + value);
        }
        return known;
    }

    @SuppressWarnings("unchecked") // what samples() and check() have made sure of
    private static List<Map<String, Object>> rowsIn(@Nullable Object filled) {
        return filled instanceof List<?> rows ? (List<Map<String, Object>>) rows : List.of();
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
            // One for each choice between the row's texts.
            case Value.Rows(Template row) -> row.samples();
            case Value.Inserted inserted -> inserted.sample();
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
