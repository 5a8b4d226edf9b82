package im.signet.kit.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.thymeleaf.exceptions.TemplateProcessingException;
import org.unbescape.html.HtmlEscape;

/**
 * Tries templates before anybody reads them: each page and message, in every brand and language, filled with samples and
 * then with what an attacker would choose. Nothing hostile may add an element, a link or a line, or be evaluated.
 */
public final class TemplateCheck {

    private static final String EVALUATED = "60481729";
    private static final List<String> HOSTILE = List.of("<script>alert(1)</script><b>x</b>",
            "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title></p></main></html><!--",
            "&lt;b&gt;&#60;b&#62;", "x\r\nBcc: evil@example.org\r\n\r\n<b>body</b>", "x\u2028y\u0000\u0007z",
            "\u202Eevil\u2066\u2067\u200F\u05D0", "javascript:alert(1)", "https://evil.example/", "x".repeat(10_000),
            "${7777*7777}", "*{7777*7777}", "[[${7777*7777}]] [(${7777*7777})]", "__${7777*7777}__",
            "${T(java.lang.Runtime).getRuntime()}", "[# th:utext=\"${7777*7777}\"/]",
            "#{x} {asker} {sender} @{/x} ~{x}");

    private static final Pattern TAG = Pattern.compile("<[!/?a-zA-Z][^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\s([a-zA-Z:-]+)(?:=\"([^\"]*)\")?");
    private static final Set<String> LINKS = Set.of("href", "action", "src", "style", "lang", "dir");
    private static final Pattern TITLE = Pattern.compile("<title>\\s*\\S[^<]*</title>");
    private static final Pattern LANGUAGE = Pattern.compile("<html[^>]*\\slang=\"[^\"]+\"");

    /** What no template may have, and why. */
    private static final Map<Pattern, String> FORBIDDEN = forbidden();

    /**
     * What came of trying a file.
     *
     * @param where    what the file is called, with the line where that is known
     * @param problems what is wrong; empty where nothing is
     */
    public record Finding(String where, List<String> problems) {

        /** Returns whether nothing is wrong. */
        public boolean isOk() {
            return problems.isEmpty();
        }
    }

    private final Templates templates;
    private final TemplateSources sources;
    private final List<String> hostile;
    private final Map<String, Set<String>> problems = new LinkedHashMap<>();
    /** What was made of each tag so far: nearly all of them come again in every filling of a page. */
    private final Map<String, String> bones = new HashMap<>();

    private TemplateCheck(Templates templates, List<String> hostile) {
        this.templates = templates;
        this.sources = templates.sources();
        this.hostile = hostile;
    }

    /** Returns what came of it for each file, those that are wrong by the places that are wrong in them. */
    public static List<Finding> of(Templates templates, List<Template> all) {
        return new TemplateCheck(templates, HOSTILE).findings(all);
    }

    /** Returns what came of it with samples alone, which takes a moment where the rest takes many. */
    static List<Finding> withSamples(Templates templates, List<Template> all) {
        return new TemplateCheck(templates, List.of()).findings(all);
    }

    private List<Finding> findings(List<Template> all) {
        sources.problems().forEach(problem -> report(problem.where(), problem.why()));
        checkLanguages();
        sources.all().forEach(file -> read(file.getKey(), file.getValue(), all));
        for (String brand : sources.brands()) {
            for (Locale language : templates.languages(brand)) {
                Audience audience = new Audience(language,
                        brand.equals(TemplateSources.NO_BRAND) ? Optional.empty() : Optional.of(brand));
                all.forEach(template -> fill(template, audience));
            }
        }
        return findings();
    }

    private void report(String where, String why) {
        problems.computeIfAbsent(where, _ -> new TreeSet<>()).add(why);
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, TemplateSources.Source> file : sources.all()) {
            String where = file.getValue().where();
            if (problems.keySet().stream().noneMatch(wrong -> wrong.equals(where) || wrong.startsWith(where + ":"))) {
                findings.add(new Finding(where, List.of()));
            }
        }
        problems.forEach((where, why) -> findings.add(new Finding(where, List.copyOf(why))));
        return findings;
    }

    // A language of which half the texts are English is worse than English.
    private void checkLanguages() {
        for (String brand : sources.brands()) {
            for (Locale language : templates.languages(brand)) {
                Set<String> missing = sources.texts(brand).missingIn(language);
                if (!missing.isEmpty()) {
                    String file = "messages_" + language.toLanguageTag() + ".properties"
                            + (brand.equals(TemplateSources.NO_BRAND) ? "" : " of the brand " + brand);
                    report(file, "lacks " + String.join(", ", missing));
                }
            }
        }
        if (!templates.languages(TemplateSources.NO_BRAND).contains(templates.fallback())) {
            report("signet.mail.language", "there are no texts in " + templates.fallback().toLanguageTag());
        }
    }

    private void read(String name, TemplateSources.Source source, List<Template> all) {
        if (name.endsWith(".html")) {
            List<String> lines = source.content().lines().toList();
            boolean page = all.stream()
                    .anyMatch(template -> template.kind() == Template.Kind.PAGE && template.files().contains(name));
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                String where = source.where() + ":" + (i + 1);
                FORBIDDEN.forEach((pattern, why) -> {
                    if (pattern.matcher(line).find()) {
                        report(where, why);
                    }
                });
                if (page && line.matches("(?i).*(<style|\\s(th:)?style\\s*=).*")) {
                    report(where, "styles in a page are not applied; page.css is the place for them");
                }
            }
        }
    }

    private void fill(Template template, Audience audience) {
        List<Map<String, Object>> samples = template.samples();
        for (String file : template.files()) {
            for (Map<String, Object> sample : samples) {
                Optional<String> plain = render(template, file, audience, sample);
                if (plain.isEmpty()) {
                    return;
                }
                checkForm(file, audience, plain.get());
                if (template.kind() != Template.Kind.MAIL || file.endsWith("-mail.txt")
                        || file.endsWith("-mail.html")) {
                    checkRequired(template, file, audience, sample, plain.get());
                }
                List<String> skeleton = skeleton(file, plain.get());
                for (String text : hostile) {
                    Map<String, Object> filled = template.withHostile(sample, text);
                    if (!filled.equals(sample)) {
                        render(template, file, audience, filled)
                                .ifPresent(page -> compare(file, audience, skeleton, page));
                    }
                }
            }
        }
    }

    private String where(String file, Audience audience) {
        return sources.find(audience.brand().orElse(TemplateSources.NO_BRAND), file)
                .map(TemplateSources.Source::where)
                .orElse(file);
    }

    private Optional<String> render(Template template, String file, Audience audience, Map<String, Object> values) {
        try {
            template.check(values);
            return Optional.of(templates.render(file, audience, values));
        } catch (TemplateProcessingException failed) {
            TemplateProcessingException deepest = failed;
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                if (cause instanceof TemplateProcessingException inner) {
                    deepest = inner;
                }
            }
            String at = deepest.hasTemplateName() ? String.valueOf(deepest.getTemplateName()) : file;
            Integer line = deepest.hasLineAndCol() ? deepest.getLine() : null;
            report(where(at, audience) + (line == null ? "" : ":" + line), reasonOf(failed));
            return Optional.empty();
        }
    }

    private static String reasonOf(TemplateProcessingException failed) {
        Throwable deepest = failed;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest instanceof TemplateProcessingException ours && ours.hasTemplateName()
                ? String.valueOf(ours.getMessage()).replaceAll(" \\(template: \"[^)]*\\)", "")
                : String.valueOf(deepest.getMessage()).replaceFirst("^\\(Line = \\d+, Column = \\d+\\) ", "");
        return message.lines().findFirst().orElse("cannot be rendered");
    }

    private void checkForm(String file, Audience audience, String rendered) {
        if (rendered.isBlank()) {
            report(where(file, audience), "comes out empty");
        } else if (file.endsWith("-subject.txt") && rendered.strip().lines().count() > 1) {
            report(where(file, audience), "a subject has one line");
        } else if (file.endsWith(".html")
                && !(LANGUAGE.matcher(rendered).find() && TITLE.matcher(rendered).find())) {
            report(where(file, audience), "has no title, or does not say its language");
        }
    }

    private void checkRequired(Template template, String file, Audience audience, Map<String, Object> sample,
            String rendered) {
        sample.forEach((value, filled) -> {
            if (filled instanceof Markup markup && !rendered.contains(markup.html())) {
                report(where(file, audience), "does not show " + value + "; signet:markup does");
            }
        });
        for (String required : template.required(sample)) {
            String written = file.endsWith(".html") ? HtmlEscape.escapeHtml4Xml(required) : required;
            if (!rendered.contains(written)) {
                String name = sample.entrySet()
                        .stream()
                        .filter(value -> String.valueOf(value.getValue()).contains(required))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(required);
                report(where(file, audience), "does not show " + name);
            }
        }
    }

    private void compare(String file, Audience audience, List<String> skeleton, String hostile) {
        if (hostile.contains(EVALUATED)) {
            report(where(file, audience), "evaluates what others wrote");
        }
        if (!skeleton.equals(skeleton(file, hostile))) {
            report(where(file, audience), file.endsWith(".html")
                    ? "lets others add elements, attributes or links"
                    : "lets others add lines");
        }
    }

    /**
     * Returns what no value may change: of HTML the elements with the names of their attributes, and where their links
     * lead; of text an empty string for each line.
     */
    private List<String> skeleton(String file, String rendered) {
        if (!file.endsWith(".html")) {
            return rendered.strip().lines().map(_ -> "").toList();
        }
        return TAG.matcher(rendered)
                .results()
                .map(MatchResult::group)
                .map(tag -> bones.computeIfAbsent(tag, TemplateCheck::bonesOf))
                .toList();
    }

    private static String bonesOf(String tag) {
        StringBuilder bones = new StringBuilder(tag.replaceAll("[\\s>].*", ""));
        ATTRIBUTE.matcher(tag).results().forEach(attribute -> {
            bones.append(' ').append(attribute.group(1));
            if (LINKS.contains(attribute.group(1).toLowerCase(Locale.ROOT))) {
                bones.append('=').append(attribute.group(2));
            }
        });
        return bones.toString();
    }

    private static Map<Pattern, String> forbidden() {
        Map<Pattern, String> forbidden = new LinkedHashMap<>();
        forbidden.put(Pattern.compile("(?i)\\b(data-)?th[:-]utext\\b"),
                "th:utext writes values unescaped; use th:text");
        forbidden.put(Pattern.compile("\\[\\("), "[(...)] writes values unescaped; use [[...]]");
        forbidden.put(Pattern.compile("__\\s*[$#*@~]\\{"), "__${...}__ evaluates values");
        forbidden.put(Pattern.compile("(?i)<script|javascript:|\\s(th:)?on[a-z]+\\s*="),
                "no script runs on a page or in a mail");
        return forbidden;
    }
}
