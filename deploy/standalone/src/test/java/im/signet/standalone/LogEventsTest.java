package im.signet.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/reference/log-events.md lists every line that the server's code can log, and no other. */
class LogEventsTest {

    private static final Path ROOT = Path.of("../..");
    private static final List<String> MODULES = List.of("protocol", "service-kit", "terms-service", "identity-server",
            "nameserver", "deploy/standalone");
    private static final Pattern CALL = Pattern.compile("\\blog\\s*\\.\\s*(\\w+)\\s*\\(");
    private static final Pattern TEXT = Pattern.compile("\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*\\+?\\s*)+)[,)]");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ROW = Pattern.compile("\\| `(im\\.signet\\.[^`]+)` \\| `([^`]+)` \\| (.+) \\|");
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error");

    private record Line(String level, String logger, String text) implements Comparable<Line> {

        @Override
        public int compareTo(Line other) {
            return toString().compareTo(other.toString());
        }
    }

    private static Set<Line> inTheSources() throws IOException {
        Set<Line> lines = new TreeSet<>();
        for (String module : MODULES) {
            Path sources = ROOT.resolve(module).resolve("src/main/java");
            List<Path> files;
            try (Stream<Path> all = Files.walk(sources)) {
                files = all.filter(file -> file.toString().endsWith(".java")).toList();
            }
            for (Path file : files) {
                String name = sources.relativize(file).toString().replace('/', '.').replaceFirst("\\.java$", "");
                String source = Files.readString(file);
                // Elsewhere `log` is another thing, such as a file.
                if (source.contains("LoggerFactory.getLogger(")) {
                    lines.addAll(linesOf(name, source));
                }
            }
        }
        return lines;
    }

    private static List<Line> linesOf(String logger, String source) {
        List<Line> lines = new ArrayList<>();
        Matcher call = CALL.matcher(source);
        while (call.find()) {
            assertThat(LEVELS).as(logger + ": a level, and nothing more clever").contains(call.group(1));
            Matcher text = TEXT.matcher(source).region(call.end(), source.length());
            assertThat(text.lookingAt())
                    .as(logger + ": the text of a line is a constant: " + source.substring(call.start(),
                            Math.min(source.length(), call.start() + 90)))
                    .isTrue();
            lines.add(new Line(call.group(1), logger, LITERAL.matcher(text.group(1))
                    .results()
                    .map(literal -> literal.group(1))
                    .collect(Collectors.joining())));
        }
        return lines;
    }

    private static Set<Line> inTheDocument() throws IOException {
        Set<Line> lines = new TreeSet<>();
        String level = "";
        for (String row : Files.readAllLines(ROOT.resolve("docs/reference/log-events.md"))) {
            Matcher cells = ROW.matcher(row);
            if (row.startsWith("## ")) {
                level = row.substring(3).toLowerCase(Locale.ROOT);
            } else if (cells.matches()) {
                assertThat(cells.group(3)).as(row).isNotBlank();
                lines.add(new Line(level, cells.group(1), cells.group(2)));
            } else {
                assertThat(row).doesNotStartWith("| `");
            }
        }
        return lines;
    }

    @Test
    void listsEveryLineAndNoOther() throws IOException {
        Set<Line> sources = inTheSources();
        assertThat(sources).hasSizeGreaterThan(40);
        assertThat(inTheDocument()).isEqualTo(sources);
    }

    /** A name for a logger other than its class would hide lines from the document, and perhaps from the filter. */
    @Test
    void namesEachLoggerByItsClass() throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file : all.filter(each -> each.toString().endsWith(".java")).toList()) {
                    Matcher logger = Pattern.compile("LoggerFactory\\.getLogger\\(([^)]*)\\)")
                            .matcher(Files.readString(file));
                    while (logger.find()) {
                        assertThat(logger.group(1)).isEqualTo(
                                file.getFileName().toString().replace(".java", ".class"));
                    }
                }
            }
        }
    }

    @Test
    void findsALineHoweverItIsBroken() {
        assertThat(linesOf("X", "log\n   .warn( \"a {} \"\n    + \"b\", x);\n log.info(\"c\");")).containsExactly(
                new Line("warn", "X", "a {} b"), new Line("info", "X", "c"));
    }
}
