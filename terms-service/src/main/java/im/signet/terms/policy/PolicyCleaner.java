package im.signet.terms.policy;

import im.signet.kit.page.Markup;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;

/**
 * Leaves of HTML what a text to be read needs, by a list: headings, paragraphs, lists, tables, links, emphasis. It has no
 * scripts, styles, pictures, forms or frames, links lead to the web or to a mailbox, and no id is one of the page around it.
 */
final class PolicyCleaner {

    /** What stands before every id. */
    static final String ID_PREFIX = "text-";

    private static final int MAX_DEPTH = 256;
    private static final int MAX_LEFT_OUT = 20;
    private static final int COLUMNS_THAT_FIT = 4;

    // Their content is no text, or none that anybody would read.
    private static final String DROPPED = "script, style, template, iframe, frameset, noframes, noembed, object, svg, math,"
            + " select, textarea, title, audio, video, canvas";
    private static final Safelist LIST = new Safelist()
            .addTags("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "ul", "ol", "li", "dl", "dt",
                    "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a", "em", "strong", "b",
                    "i",
                    "u", "s", "del", "ins", "mark", "small", "sub", "sup", "abbr", "dfn", "cite", "q", "code", "pre",
                    "kbd", "samp", "var", "blockquote", "address", "details", "summary", "bdi", "bdo", "wbr")
            .addAttributes(":all", "lang", "dir", "id")
            .addAttributes("a", "href")
            .addAttributes("abbr", "title")
            .addAttributes("dfn", "title")
            .addAttributes("ol", "start", "reversed")
            .addAttributes("li", "value")
            .addAttributes("th", "scope", "colspan", "rowspan")
            .addAttributes("td", "colspan", "rowspan")
            .addAttributes("details", "open");
    private static final Set<String> NOT_COUNTED = Set.of("html", "head", "body", "meta", "link", "section", "article",
            "main", "header", "footer", "nav", "aside", "font", "center", "big", "tt", "strike", "time", "colgroup",
            "col",
            "figure", "figcaption", "hgroup", "title");

    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}");
    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{M}\\p{N}_.:-]{1,100}");
    private static final Pattern LINK = Pattern
            .compile("(?i)(https?://[^/?#\\s\\\\]|mailto:[^\\s])[^\\s\\\\<>\"\\p{Cntrl}]*");
    private static final int MAX_LINK = 4096;
    private static final Map<String, Pattern> VALUES = Map.of("lang", LANGUAGE, "dir",
            Pattern.compile("(?i)ltr|rtl|auto"), "start", Pattern.compile("-?\\d{1,9}"), "value",
            Pattern.compile("-?\\d{1,9}"), "colspan", Pattern.compile("[1-9]\\d?"), "rowspan",
            Pattern.compile("[1-9]\\d?"), "scope", Pattern.compile("(?i)(row|col)(group)?"));
    private static final Pattern HEADING = Pattern.compile("h[1-6]");
    private static final Pattern NOT_IN_ANCHOR = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_ -]");

    private final Element body;
    private final Map<String, String> ids = new HashMap<>();

    private PolicyCleaner(Element body) {
        this.body = body;
    }

    /** Returns what is left of this HTML below a heading of that name. */
    static Rendering.Rendered clean(String name, String html) {
        Document dirty = Parser.htmlParser().setMaxDepth(MAX_DEPTH).parseInput(html, "");
        Set<String> leftOut = new TreeSet<>();
        for (Element element : dirty.body().getAllElements()) {
            String tag = element.normalName();
            if (!LIST.isSafeTag(tag) && !NOT_COUNTED.contains(tag) && leftOut.size() < MAX_LEFT_OUT) {
                leftOut.add(tag.replaceAll("[^a-z0-9-]", "?"));
            }
        }
        // Emptied rather than removed, here and below: to remove one of many siblings moves all that follow.
        dirty.select(DROPPED).forEach(Element::empty);
        Document clean = new Cleaner(LIST).clean(dirty);
        clean.outputSettings().prettyPrint(false).charset(StandardCharsets.UTF_8);
        PolicyCleaner cleaner = new PolicyCleaner(clean.body());
        cleaner.checkValues();
        cleaner.fitHeadings(name);
        cleaner.nameHeadings();
        cleaner.fitLinks();
        cleaner.fitTables();
        return new Rendering.Rendered(new Markup(clean.body().html()), leftOut);
    }

    private List<Element> elements() {
        return body.stream().skip(1).toList(); // without itself
    }

    private void checkValues() {
        for (Element element : elements()) {
            VALUES.forEach((attribute, pattern) -> {
                if (element.hasAttr(attribute) && !pattern.matcher(element.attr(attribute)).matches()) {
                    element.removeAttr(attribute);
                }
            });
        }
    }

    private List<Element> headings() {
        return elements().stream().filter(element -> HEADING.matcher(element.normalName()).matches()).toList();
    }

    // The page has its one h1; below it no level is left out, as who hears a page goes by them.
    private void fitHeadings(String name) {
        Element first = body.firstElementChild();
        if (first != null && first.normalName().equals("h1") && first.text().strip().equalsIgnoreCase(name.strip())) {
            first.remove();
        }
        Deque<Integer> open = new ArrayDeque<>();
        for (Element heading : headings()) {
            if (heading.text().isBlank()) {
                heading.tagName("div");
                continue;
            }
            int level = heading.normalName().charAt(1) - '0';
            while (!open.isEmpty() && open.peek() >= level) {
                open.pop();
            }
            open.push(level);
            heading.tagName("h" + Math.min(open.size() + 1, 6));
        }
    }

    private void nameHeadings() {
        Set<String> taken = new HashSet<>();
        for (Element element : elements()) {
            String id = element.attr("id");
            element.removeAttr("id");
            if (ID.matcher(id).matches() && taken.add(id)) {
                ids.put(id, ID_PREFIX + id);
                element.attr("id", ID_PREFIX + id);
            }
        }
        Map<String, Integer> last = new HashMap<>();
        for (Element heading : headings()) {
            if (heading.hasAttr("id")) {
                continue;
            }
            String anchor = NOT_IN_ANCHOR.matcher(heading.text().toLowerCase(Locale.ROOT))
                    .replaceAll("")
                    .strip()
                    .replace(' ', '-');
            anchor = anchor.isEmpty() ? "section" : anchor.substring(0, Math.min(anchor.length(), 80));
            String free = anchor;
            while (!taken.add(free)) {
                free = anchor + "-" + last.merge(anchor, 1, Integer::sum);
            }
            ids.put(free, ID_PREFIX + free);
            heading.attr("id", ID_PREFIX + free);
        }
    }

    private void fitLinks() {
        for (Element link : elements()) {
            if (!link.normalName().equals("a")) {
                continue;
            }
            String target = link.attr("href").strip();
            String inside = target.startsWith("#") ? ids.get(decoded(target.substring(1))) : null;
            if (inside != null) {
                link.attr("href", "#" + inside);
            } else if (target.length() <= MAX_LINK && LINK.matcher(target).matches()) {
                link.attr("href", target);
                link.attr("rel", "noopener noreferrer nofollow");
            } else {
                link.removeAttr("href").tagName("span");
            }
        }
    }

    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return fragment;
        }
    }

    // A wide table moves in a frame of its own, which the keyboard has to reach.
    private void fitTables() {
        for (Element table : elements()) {
            if (table.normalName().equals("table") && table.parents().stream().noneMatch(PolicyCleaner::isTable)
                    && table.select("tr").stream().anyMatch(row -> row.childrenSize() > COLUMNS_THAT_FIT)) {
                table.wrap("<div class=\"wide\" tabindex=\"0\"></div>");
            }
        }
    }

    private static boolean isTable(Element element) {
        return element.normalName().equals("table");
    }
}
