package im.signet.kit.page;

import java.util.Locale;
import java.util.Set;

/** The direction that a language is written in. */
public enum Direction {
    LTR, RTL;

    private static final Set<String> RTL_SCRIPTS = Set.of("Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr",
            "Syrc", "Thaa");
    private static final Set<String> RTL_LANGUAGES = Set.of("ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps",
            "sd", "syr", "ug", "ur", "yi");

    /** Returns the direction of a language: that of its script, where it names one. */
    public static Direction of(Locale language) {
        boolean rtl = language.getScript().isEmpty()
                ? RTL_LANGUAGES.contains(language.getLanguage())
                : RTL_SCRIPTS.contains(language.getScript());
        return rtl ? RTL : LTR;
    }

    /** Returns the value of the attribute {@code dir}. */
    public String attribute() {
        return name().toLowerCase(Locale.ROOT);
    }
}
