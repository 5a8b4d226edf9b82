package im.signet.names.page;

import im.signet.kit.page.Audience;
import im.signet.kit.web.OpenToAll;
import im.signet.names.setting.NamesProperties;

import java.time.Duration;
import java.util.Map;

import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Explains the link of a card to who opened it in a browser, which keeps the card, behind the {@code #}, to itself. */
@Controller
final class CardPageController {

    private static final Duration FRESH = Duration.ofHours(1);

    private final OpenPages pages;
    private final NamesProperties names;

    CardPageController(OpenPages pages, NamesProperties names) {
        this.pages = pages;
        this.names = names;
    }

    @OpenToAll
    @GetMapping("/c")
    ResponseEntity<String> card(Audience audience) {
        return names.domains().isEmpty()
                ? pages.notice(404, "unknown", audience)
                : pages.kept(FRESH, HandleTemplates.CARD, audience, Map.of());
    }
}
