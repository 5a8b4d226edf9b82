package im.signet.kit.page;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Our templates and texts, and those of an operator's folder in their place; in a folder of that folder are those of a
 * brand. All is read once: what changes later changes nothing, and no name from a request ever becomes a path.
 */
final class TemplateSources {

    /** The brand of whoever names none. */
    static final String NO_BRAND = "";
    static final String STYLE_SHEET = "page.css";

    private static final Pattern BRAND = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");
    private static final Pattern TEXTS = Pattern.compile("messages_([A-Za-z0-9_-]+)\\.properties");
    private static final Pattern KEY = Pattern.compile("\\s*([^=:\\s]+)");
    private static final long MAX_BYTES = 256 * 1024;

    /**
     * A file.
     *
     * @param where what it is called to an operator
     * @param ours  whether it is one that the services bring
     */
    record Source(String where, String content, boolean ours) {}

    /** What is wrong with a file, or with a text in it. */
    record Problem(String where, String why) {}

    private final Map<String, Source> ours = new TreeMap<>();
    private final Map<String, Map<String, Source>> operators = new TreeMap<>();
    private final Map<String, Texts> texts = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final boolean given;

    /** Reads everything; what cannot be used is left out and named by {@link #problems}. */
    TemplateSources(@Nullable Path folder) {
        given = folder != null;
        operators.put(NO_BRAND, new TreeMap<>());
        List<Map.Entry<String, Source>> ourTexts = readOurs();
        if (folder != null) {
            readFolder(folder);
        }
        for (Map.Entry<String, Map<String, Source>> brand : operators.entrySet()) {
            Texts all = new Texts();
            ourTexts.forEach(file -> addTexts(file.getKey(), file.getValue(), all, Set.of()));
            Set<String> keys = all.keys(Locale.ENGLISH);
            List<Map<String, Source>> layers = brand.getKey().equals(NO_BRAND)
                    ? List.of(brand.getValue())
                    : List.of(Objects.requireNonNull(operators.get(NO_BRAND)), brand.getValue());
            for (Map<String, Source> layer : layers) {
                layer.forEach((name, source) -> addTexts(name, source, all, keys));
            }
            texts.put(brand.getKey(), all);
        }
    }

    /** Returns whether a folder was given, so that something may be not as we made it. */
    boolean hasOperators() {
        return given;
    }

    /** Returns the brands that there are templates for, {@link #NO_BRAND} among them. */
    Set<String> brands() {
        return operators.keySet();
    }

    /** Returns the file that counts for a brand. */
    Optional<Source> find(String brand, String name) {
        return Stream.of(operators.getOrDefault(brand, Map.of()).get(name),
                operators.getOrDefault(NO_BRAND, Map.of()).get(name), ours.get(name))
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    /** Returns every file there is, with its name; those of the operator last. */
    List<Map.Entry<String, Source>> all() {
        List<Map.Entry<String, Source>> all = new ArrayList<>(ours.entrySet());
        operators.values().forEach(files -> all.addAll(files.entrySet()));
        return all;
    }

    Texts texts(String brand) {
        return Objects.requireNonNull(texts.get(brand));
    }

    List<Problem> problems() {
        return problems;
    }

    private List<Map.Entry<String, Source>> readOurs() {
        List<Map.Entry<String, Source>> ourTexts = new ArrayList<>();
        try {
            for (Resource resource : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:templates/*/*.*")) {
                String name = String.valueOf(resource.getFilename());
                Source source = new Source("(ours) " + name, resource.getContentAsString(StandardCharsets.UTF_8), true);
                if (TEXTS.matcher(name).matches()) {
                    ourTexts.add(Map.entry(name, source));
                } else if (ours.put(name, source) != null) {
                    throw new IllegalStateException("two modules have a template " + name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ourTexts;
    }

    private void readFolder(Path folder) {
        Path real;
        try {
            real = folder.toRealPath();
        } catch (IOException unreadable) {
            problems.add(new Problem(folder.toString(), "is no folder that can be read"));
            return;
        }
        for (Path entry : list(real)) {
            String name = entry.getFileName().toString();
            if (!Files.isDirectory(entry)) {
                readFile(real, entry, NO_BRAND);
            } else if (!BRAND.matcher(name).matches()) {
                problems.add(new Problem(entry.toString(),
                        "is no name of a brand: lower-case letters, digits, '-' and '_', at most 32"));
            } else if (isInside(real, entry)) {
                operators.put(name, new TreeMap<>());
                list(entry).forEach(file -> readFile(real, file, name));
            }
        }
    }

    private List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> {
                String name = entry.getFileName().toString();
                return !name.startsWith(".") && !name.endsWith("~"); // what editors and Kubernetes leave
            }).sorted().toList();
        } catch (IOException unreadable) {
            problems.add(new Problem(folder.toString(), "is no folder that can be read"));
            return List.of();
        }
    }

    private boolean isInside(Path folder, Path entry) {
        try {
            if (entry.toRealPath().startsWith(folder)) {
                return true;
            }
            problems.add(new Problem(entry.toString(), "leads out of the folder " + folder));
        } catch (IOException dangling) {
            problems.add(new Problem(entry.toString(), "leads nowhere"));
        }
        return false;
    }

    private void readFile(Path folder, Path file, String brand) {
        if (!isInside(folder, file)) {
            return;
        }
        String name = file.getFileName().toString();
        if (!ours.containsKey(name) && !TEXTS.matcher(name).matches()) {
            problems.add(new Problem(file.toString(),
                    "is none of ours: " + String.join(", ", ours.keySet()) + ", messages_<language>.properties"));
            return;
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                problems.add(new Problem(file.toString(), "is no file of at most " + MAX_BYTES / 1024 + " KiB"));
                return;
            }
            Objects.requireNonNull(operators.get(brand))
                    .put(name, new Source(file.toString(), Files.readString(file), false));
        } catch (CharacterCodingException notUtf8) {
            problems.add(new Problem(file.toString(), "is not UTF-8"));
        } catch (IOException unreadable) {
            problems.add(new Problem(file.toString(), "cannot be read"));
        }
    }

    /**
     * @param known the keys that an operator's file may have; of ours, all are
     */
    private void addTexts(String name, Source source, Texts texts, Set<String> known) {
        Matcher file = TEXTS.matcher(name);
        if (!file.matches()) {
            return;
        }
        try {
            Locale language = new Locale.Builder().setLanguageTag(file.group(1).replace('_', '-')).build();
            Properties properties = new Properties();
            try (Reader reader = new StringReader(source.content())) {
                properties.load(reader);
            }
            Map<String, Integer> lines = linesOf(source.content());
            for (String key : new TreeSet<>(properties.stringPropertyNames())) {
                Text text = Text.parse(source.where() + ":" + lines.getOrDefault(key, 1),
                        properties.getProperty(key));
                if (source.ours() || isUsable(key, text, texts, known)) {
                    texts.put(language, key, text);
                }
            }
        } catch (IllformedLocaleException e) {
            addProblem(new Problem(source.where(), "is not named after a language, such as messages_pt-BR.properties"));
        } catch (IOException | IllegalArgumentException malformed) {
            addProblem(new Problem(source.where(), "cannot be read: " + malformed.getMessage()));
        }
    }

    private boolean isUsable(String key, Text text, Texts texts, Set<String> known) {
        if (!known.contains(key)) {
            addProblem(new Problem(text.where(), "there is no text " + key));
            return false;
        }
        if (text.isBlank()) {
            addProblem(new Problem(text.where(), key + " is empty"));
            return false;
        }
        Set<String> strange = new TreeSet<>(text.values());
        strange.removeAll(texts.find(Locale.ENGLISH, key).map(Text::values).orElse(Set.of()));
        strange.remove(Templates.SERVER);
        if (!strange.isEmpty() || text.hasStrayBrace()) {
            addProblem(new Problem(text.where(), key + " has in braces what is no value of it"
                    + (strange.isEmpty() ? "" : ": " + String.join(", ", strange))));
            return false;
        }
        return true;
    }

    // The texts that every brand has are read for each.
    private void addProblem(Problem problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Returns on which line each key stands; a key written in another way than its text is in none. */
    private static Map<String, Integer> linesOf(String content) {
        Map<String, Integer> lines = new HashMap<>();
        int number = 0;
        for (String line : content.lines().toList()) {
            number++;
            Matcher key = KEY.matcher(line);
            if (key.lookingAt()) {
                lines.putIfAbsent(key.group(1), number);
            }
        }
        return lines;
    }
}
