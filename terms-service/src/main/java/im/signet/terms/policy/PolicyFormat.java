package im.signet.terms.policy;

import java.nio.file.Path;
import java.util.Locale;

/** What the source of a text is written in; the database has these names. */
enum PolicyFormat {
    TEXT("plain text"), MARKDOWN("Markdown"), HTML("HTML");

    private final String words;

    PolicyFormat(String words) {
        this.words = words;
    }

    /** Returns what a file is written in: Markdown or HTML where its name ends as theirs do, else plain text. */
    static PolicyFormat of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".md") || name.endsWith(".markdown")) {
            return MARKDOWN;
        }
        return name.endsWith(".html") || name.endsWith(".htm") ? HTML : TEXT;
    }

    /** Returns what people call it. */
    String words() {
        return words;
    }
}
