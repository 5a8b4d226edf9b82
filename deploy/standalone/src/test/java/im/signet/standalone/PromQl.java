package im.signet.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus asks for. That it is one at all is for promtool to say.
 *
 * @param selectors the metrics that it reads
 * @param groupings the labels that it groups or matches by
 */
record PromQl(List<Selector> selectors, Set<String> groupings) {

    private static final Set<String> WORDS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right",
            "and",
            "or", "unless", "bool", "offset", "inf", "nan");
    private static final Set<String> BEFORE_LABELS = Set.of("by", "without", "on", "ignoring", "group_left",
            "group_right");
    private static final Pattern TOKEN = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|[a-zA-Z_:][\\w:]*"
            + "|\\d[\\w.]*|[{}()]|[^\\s\\w\"{}()\\[\\]]+");
    private static final Pattern MATCHER = Pattern
            .compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\",?\\s*");

    /** A metric and what its labels have to be like. */
    record Selector(String metric, List<Condition> conditions) {}

    /** What a label has to be like. */
    record Condition(String label, String operator, String value) {}

    static PromQl parse(String expression) {
        List<Selector> selectors = new ArrayList<>();
        Set<String> groupings = new TreeSet<>();
        Matcher token = TOKEN.matcher(expression);
        int at = 0;
        while (token.find(at)) {
            String text = token.group();
            at = token.end();
            boolean isWord = Character.isLetter(text.charAt(0)) || text.charAt(0) == '_';
            if (!isWord) {
                continue;
            }
            String rest = expression.substring(at).stripLeading();
            if (BEFORE_LABELS.contains(text) && rest.startsWith("(")) {
                int open = expression.indexOf('(', at);
                int close = expression.indexOf(')', open);
                for (String label : expression.substring(open + 1, close).split(",", -1)) {
                    if (!label.isBlank()) {
                        groupings.add(label.strip());
                    }
                }
                at = close + 1;
            } else if (!WORDS.contains(text) && !rest.startsWith("(") && !followedByGrouping(rest)) {
                List<Condition> conditions = new ArrayList<>();
                if (rest.startsWith("{")) {
                    at = expression.indexOf('{', at) + 1;
                    Matcher condition = MATCHER.matcher(expression);
                    while (condition.find(at) && condition.start() == at) {
                        conditions.add(new Condition(condition.group(1), condition.group(2), condition.group(3)));
                        at = condition.end();
                    }
                    if (expression.charAt(at) != '}') {
                        throw new AssertionError("not a selector: " + expression.substring(at));
                    }
                    at++;
                }
                selectors.add(new Selector(text, conditions));
            }
        }
        return new PromQl(selectors, groupings);
    }

    // sum by (a) (...): the name of an aggregation.
    private static boolean followedByGrouping(String rest) {
        return rest.matches("(?s)(by|without)\\b.*");
    }
}
