package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * docs/reference/metrics.md, as a program reads it.
 *
 * @param metrics by name
 * @param values  what a cell says of the values of a label, by metric and label
 * @param routes  the templates of paths
 */
record MetricsReference(Map<String, Metric> metrics, Map<String, Map<String, String>> values, Set<String> routes) {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A row. */
    record Metric(String type, Set<String> labels, String meaning) {}

    static MetricsReference read() {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Map<String, Map<String, String>> values = new TreeMap<>();
        Set<String> routes = new TreeSet<>();
        for (String line : lines()) {
            List<String> cells = List.of(line.split(" *\\| *", -1));
            if (line.startsWith("| `") && cells.size() == 6) {
                metrics.put(code(cells.get(1)), new Metric(cells.get(2), codes(cells.get(3)), cells.get(4)));
            } else if (line.startsWith("| `") && cells.size() == 5) {
                values.computeIfAbsent(code(cells.get(1)), _ -> new TreeMap<>())
                        .put(code(cells.get(2)), cells.get(3));
            } else if (line.startsWith("* `")) {
                routes.add(code(line));
            }
        }
        return new MetricsReference(metrics, values, routes);
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("../../docs/reference/metrics.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String code(String cell) {
        return codes(cell).iterator().next();
    }

    static Set<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
