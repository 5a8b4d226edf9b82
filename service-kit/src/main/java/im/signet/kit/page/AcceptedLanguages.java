package im.signet.kit.page;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** The languages that a reader accepts, as a request's {@code Accept-Language} names them; none where it cannot be read. */
public record AcceptedLanguages(List<Locale.LanguageRange> ranges) {

    private static final int MAX_LENGTH = 500;

    /** Keeps a copy. */
    public AcceptedLanguages {
        ranges = List.copyOf(ranges);
    }

    static AcceptedLanguages in(@Nullable String header) {
        if (header == null || header.isBlank() || header.length() > MAX_LENGTH) {
            return new AcceptedLanguages(List.of());
        }
        try {
            return new AcceptedLanguages(Locale.LanguageRange.parse(header));
        } catch (IllegalArgumentException malformed) {
            return new AcceptedLanguages(List.of());
        }
    }

    /** Returns what the look-up of RFC 4647 finds among these languages: {@code de} for who reads {@code de-CH}. */
    Optional<Locale> lookUp(List<Locale> offered) {
        return Optional.ofNullable(ranges.isEmpty() ? null : Locale.lookup(ranges, offered));
    }

    /**
     * Returns which of these languages to show to the reader; empty where they read none of them. Other than a look-up, it
     * finds {@code de-CH} for who reads {@code de}, too.
     */
    public Optional<Locale> choose(List<Locale> offered) {
        return lookUp(offered).or(() -> ranges.isEmpty()
                ? Optional.empty()
                : Locale.filter(ranges, offered).stream().findFirst());
    }
}
