package im.signet.kit.page;

import im.signet.kit.web.OpenToAll;

import java.time.Duration;

import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Serves the style sheet of the pages of a brand. */
@Controller
final class StyleSheetController {

    private final Templates templates;

    StyleSheetController(Templates templates) {
        this.templates = templates;
    }

    @OpenToAll
    @GetMapping(path = "/_signet/page.css", produces = "text/css;charset=UTF-8")
    ResponseEntity<String> styleSheet(Audience audience) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(templates.styleSheet(audience));
    }
}
