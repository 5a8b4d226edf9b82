package im.signet.terms.policy;

import im.signet.kit.page.AcceptedLanguages;
import im.signet.kit.page.Audience;
import im.signet.kit.page.Direction;
import im.signet.kit.page.Pages;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.web.OpenToAll;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/**
 * Shows the texts that this server published, as they were on the day, each in the language it was written in, and which
 * policies are in force. Around a text stand words in its own language where there are some, else in the reader's.
 */
@Controller
final class PolicyPageController {

    /** What the path of every page begins with. */
    static final String PATH = "/_signet/terms/";
    /** What no policy is called, as something else has that path. */
    static final Set<String> TAKEN = Set.of("receipts", "jwks.json", "introspect", "manage", "end", "tokens",
            "overview",
            "confirm", "source");

    private static final String POLICY = PATH
            + "{policy:(?!(?:receipts|jwks\\.json|introspect|manage|end|tokens|overview|confirm|source)$).+}";
    private static final String VERSION = POLICY + "/{version}";
    /** The path of a text. */
    static final String TEXT = VERSION + "/{language}";

    private final Policies policies;
    private final PolicyTexts texts;
    private final PolicyPages policyPages;
    private final Pages pages;
    private final SignetProperties signet;
    private final Clock clock;

    PolicyPageController(Policies policies, PolicyTexts texts, PolicyPages policyPages, Pages pages,
            SignetProperties signet, Clock clock) {
        this.policies = policies;
        this.texts = texts;
        this.policyPages = policyPages;
        this.pages = pages;
        this.signet = signet;
        this.clock = clock;
    }

    static String pathOf(String policy, String version, String language) {
        return PATH + policy + "/" + version + "/" + language;
    }

    @OpenToAll
    @GetMapping("/_signet/terms")
    ResponseEntity<String> inForce(Audience audience, AcceptedLanguages accepted) {
        List<Map<String, Object>> rows = policies.inForce()
                .stream()
                .map(policy -> row(policy, audience, accepted))
                .toList();
        return pages.page(200, PolicyTemplates.IN_FORCE, audience, Map.of("policies", rows));
    }

    /** Leads to the version in force. */
    @OpenToAll
    @GetMapping(POLICY)
    ResponseEntity<String> current(@PathVariable String policy, Audience audience, AcceptedLanguages accepted) {
        return leading(policies.find(policy).map(current -> documents(current, audience)).orElse(Map.of()), audience,
                accepted);
    }

    /** Leads to the language of a version that its reader reads. */
    @OpenToAll
    @GetMapping(VERSION)
    ResponseEntity<String> version(@PathVariable String policy, @PathVariable String version, Audience audience,
            AcceptedLanguages accepted) {
        return leading(languages(policy, version, audience), audience, accepted);
    }

    @OpenToAll
    @GetMapping(TEXT)
    ResponseEntity<String> text(@PathVariable String policy, @PathVariable String version,
            @PathVariable String language, Audience reader) {
        Optional<PolicyPages.Page> found = policyPages.find(policy, version, language);
        if (found.isEmpty()) {
            return unknown(reader);
        }
        Audience audience = pages.reading(reader, Locale.forLanguageTag(language));
        Map<String, String> others = languages(policy, version, audience);
        others.remove(language);
        Optional<Policy> current = policies.find(policy);
        Status status = statusOf(version, current);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", found.get().name());
        values.put("version", version);
        values.put("textLanguage", language);
        values.put("textDirection", direction(language));
        values.put("published", day(found.get().publishedAt(), audience));
        values.put("status", status.name().toLowerCase(Locale.ROOT));
        values.put("day", status == Status.ANNOUNCED
                ? current.flatMap(Policy::requiredFrom).map(from -> day(from, audience)).orElse("")
                : "");
        values.put("current", status == Status.REPLACED ? pages.path(audience, PATH + policy) : "");
        values.put("all", pages.path(audience, "/_signet/terms"));
        values.put("source", pages.path(audience, pathOf(policy, version, language) + "/source"));
        values.put("languages", rows(others));
        values.put("content", found.get().markup());
        return pages.page(200, PolicyTemplates.TEXT, audience, values);
    }

    /** What a version is today. */
    private enum Status {
        NOW, ANNOUNCED, REPLACED, ENDED
    }

    private Status statusOf(String version, Optional<Policy> current) {
        if (current.isEmpty()) {
            return Status.ENDED;
        }
        if (!current.get().version().equals(version)) {
            return Status.REPLACED;
        }
        return current.get().isRequiredAt(clock.instant()) ? Status.NOW : Status.ANNOUNCED;
    }

    private ResponseEntity<String> unknown(Audience audience) {
        return pages.page(404, PolicyTemplates.UNKNOWN, audience, Map.of());
    }

    // A redirect, so that what the reader then sees in the address names the text for ever, and can be passed on.
    private ResponseEntity<String> leading(Map<String, String> urls, Audience audience, AcceptedLanguages accepted) {
        if (urls.isEmpty()) {
            return unknown(audience);
        }
        URI url = URI.create(Objects.requireNonNull(urls.get(chosen(urls, audience, accepted))));
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(url)
                .header(HttpHeaders.VARY, "Accept-Language")
                .build();
    }

    private static String chosen(Map<String, String> byLanguage, Audience audience, AcceptedLanguages accepted) {
        Map<Locale, String> tags = new LinkedHashMap<>();
        byLanguage.keySet().forEach(tag -> tags.putIfAbsent(Locale.forLanguageTag(tag), tag));
        List<Locale> offered = List.copyOf(tags.keySet());
        Locale best = accepted.choose(offered)
                .or(() -> wouldRead(audience.language()).choose(offered))
                .or(() -> wouldRead(Locale.ENGLISH).choose(offered))
                .orElse(offered.getFirst());
        return Objects.requireNonNull(tags.get(best));
    }

    private static AcceptedLanguages wouldRead(Locale language) {
        return new AcceptedLanguages(List.of(new Locale.LanguageRange(language.toLanguageTag())));
    }

    /** Returns the URLs of a version by language: what was published here, and what its settings name elsewhere. */
    private Map<String, String> languages(String policy, String version, Audience audience) {
        Map<String, String> urls = new TreeMap<>();
        policies.find(policy)
                .filter(current -> current.version().equals(version))
                .ifPresent(current -> urls.putAll(documents(current, audience)));
        texts.findLanguages(policy, version)
                .forEach(language -> urls.putIfAbsent(language,
                        pages.path(audience, pathOf(policy, version, language))));
        return urls;
    }

    private Map<String, String> documents(Policy policy, Audience audience) {
        Map<String, String> urls = new LinkedHashMap<>();
        policy.documents().forEach((language, document) -> {
            String path = pathOf(policy.id(), policy.version(), language);
            boolean ours = document.url().equals(signet.publicUrlOf(path));
            urls.put(language, ours ? pages.path(audience, path) : document.url());
        });
        return urls;
    }

    private Map<String, Object> row(Policy policy, Audience audience, AcceptedLanguages accepted) {
        Map<String, String> urls = documents(policy, audience);
        String language = chosen(urls, audience, accepted);
        String url = Objects.requireNonNull(urls.remove(language));
        Policy.Document document = Objects.requireNonNull(policy.documents().get(language));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", document.name());
        row.put("version", policy.version());
        row.put("language", language);
        row.put("direction", direction(language));
        row.put("url", url);
        row.put("host", url.equals(document.url()) ? URI.create(url).getHost() : "");
        row.put("day", policy.isRequiredAt(clock.instant())
                ? ""
                : policy.requiredFrom().map(from -> day(from, audience)).orElse(""));
        row.put("languages", rows(urls));
        return row;
    }

    private static List<Map<String, Object>> rows(Map<String, String> urls) {
        return urls.entrySet().stream().map(language -> {
            Locale locale = Locale.forLanguageTag(language.getKey());
            return Map.<String, Object>of("label", locale.getDisplayName(locale), "language", language.getKey(),
                    "direction", direction(language.getKey()), "url", language.getValue());
        }).toList();
    }

    private static String direction(String language) {
        return Direction.of(Locale.forLanguageTag(language)).attribute();
    }

    private static String day(Instant instant, Audience audience) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(audience.language())
                .format(instant.atZone(ZoneOffset.UTC));
    }
}
