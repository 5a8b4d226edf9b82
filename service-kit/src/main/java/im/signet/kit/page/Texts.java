package im.signet.kit.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The texts of one brand, in all languages that it has. What a language lacks, a more general one lends, and English last. */
final class Texts {

    private final Map<Locale, Map<String, Text>> byLanguage = new HashMap<>();

    /** Adds a text, in place of one that has its key. */
    void put(Locale language, String key, Text text) {
        byLanguage.computeIfAbsent(language, _ -> new TreeMap<>()).put(key, text);
    }

    /** Returns the languages, always in the same order. */
    List<Locale> languages() {
        return byLanguage.keySet().stream().sorted(Comparator.comparing(Locale::toLanguageTag)).toList();
    }

    Set<String> keys(Locale language) {
        return new TreeSet<>(byLanguage.getOrDefault(language, Map.of()).keySet());
    }

    Optional<Text> find(Locale language, String key) {
        return chain(language).stream()
                .map(each -> byLanguage.getOrDefault(each, Map.of()).get(key))
                .filter(text -> text != null)
                .findFirst();
    }

    /** Returns the keys of the English texts that this language has in none of its own forms. */
    Set<String> missingIn(Locale language) {
        Set<String> missing = keys(Locale.ENGLISH);
        for (Locale each : chain(language)) {
            if (!each.equals(Locale.ENGLISH) || language.getLanguage().equals("en")) {
                missing.removeAll(keys(each));
            }
        }
        return missing;
    }

    // de-CH, de, en: as RFC 4647 looks a language up.
    private static List<Locale> chain(Locale language) {
        List<Locale> chain = new ArrayList<>();
        String tag = language.toLanguageTag();
        while (!tag.isEmpty()) {
            chain.add(Locale.forLanguageTag(tag));
            tag = tag.substring(0, Math.max(tag.lastIndexOf('-'), 0));
        }
        chain.add(Locale.ENGLISH);
        return chain;
    }
}
