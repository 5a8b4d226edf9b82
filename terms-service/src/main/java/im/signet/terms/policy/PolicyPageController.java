package im.signet.terms.policy;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.kit.web.OpenToAll;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Shows the texts that this server published, as they were on the day, each in the language it was written in. */
@Controller
final class PolicyPageController {

    /** What the path of every page begins with. */
    static final String PATH = "/_signet/terms/";

    private final PolicyTexts texts;
    private final Pages pages;

    PolicyPageController(PolicyTexts texts, Pages pages) {
        this.texts = texts;
        this.pages = pages;
    }

    static String pathOf(String policy, String version, String language) {
        return PATH + policy + "/" + version + "/" + language;
    }

    @OpenToAll
    @GetMapping(PATH + "{policy}/{version}/{language}")
    ResponseEntity<String> text(@PathVariable String policy, @PathVariable String version,
            @PathVariable String language, Audience audience) {
        return texts.find(policy, version, language)
                .map(text -> pages.page(200, PolicyTemplates.TEXT,
                        audience.reading(Locale.forLanguageTag(language)),
                        Map.of("name", text.name(), "version", text.version(),
                                "paragraphs", List.of(text.content().strip().split("(\\r?\\n\\s*){2,}")))))
                .orElseGet(() -> pages.page(404, PolicyTemplates.UNKNOWN, audience, Map.of()));
    }
}
