package im.signet.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of a schema that this program brings.
 *
 * @param version     as the history in the database has it, such as {@code 20261121.0300}
 * @param description its name in words
 * @param sql         what it does
 */
record Migration(String version, String description, String sql) {

    private static final Pattern FILE = Pattern.compile("V(\\d+(?:_\\d+)*)__(.+)\\.sql");
    private static final Pattern COMMENT = Pattern.compile("--[^\n]*");
    // What the statements do not tell, its author says: "-- upgrade: long: rewrites every row".
    private static final Pattern MARK = Pattern.compile("(?m)^-- upgrade: (long|contracts|irreversible): (.+)$");
    private static final Map<Pattern, Concern> STATEMENTS = Map.of(
            statement("\\bDROP (TABLE|COLUMN|SCHEMA|TYPE|VIEW|INDEX|CONSTRAINT|DEFAULT)\\b"), Concern.CONTRACTS,
            statement("\\bRENAME\\b"), Concern.CONTRACTS,
            statement("\\bSET NOT NULL\\b"), Concern.CONTRACTS,
            statement("\\bALTER COLUMN \\S+ (SET DATA )?TYPE\\b"), Concern.LONG,
            statement("^\\s*UPDATE\\b"), Concern.LONG,
            statement("^\\s*(DELETE FROM|TRUNCATE)\\b"), Concern.IRREVERSIBLE);

    /** What an operator wants to know beforehand. */
    enum Concern {
        /** It may take long in a large database. */
        LONG("may take long, as it rewrites rows"),
        /** A server of the version before may stumble over it. */
        CONTRACTS("takes something away that servers of the version before may use"),
        /** What it deletes comes back from a backup only. */
        IRREVERSIBLE("deletes rows");

        private final String words;

        Concern(String words) {
            this.words = words;
        }
    }

    /**
     * What there is to be known of it.
     *
     * @param words why, for people
     */
    record Remark(Concern concern, String words) {}

    /** Reads a file of that name; throws for a name that is none of a migration. */
    static Migration of(String file, String sql) {
        Matcher name = FILE.matcher(file);
        if (!name.matches()) {
            throw new IllegalArgumentException(file + " is no name of a migration");
        }
        return new Migration(name.group(1).replace('_', '.'), name.group(2).replace('_', ' '), sql);
    }

    /** Returns what its statements tell, and what its author wrote down; empty where it only adds. */
    List<Remark> remarks() {
        List<Remark> remarks = new ArrayList<>();
        Matcher mark = MARK.matcher(sql);
        while (mark.find()) {
            remarks.add(new Remark(Concern.valueOf(mark.group(1).toUpperCase(Locale.ROOT)), mark.group(2)));
        }
        String statements = COMMENT.matcher(sql).replaceAll("");
        STATEMENTS.forEach((pattern, concern) -> {
            if (pattern.matcher(statements).find() && remarks.stream().noneMatch(said -> said.concern() == concern)) {
                remarks.add(new Remark(concern, concern.words));
            }
        });
        remarks.sort((a, b) -> a.concern().compareTo(b.concern()));
        return List.copyOf(remarks);
    }

    private static Pattern statement(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    }
}
