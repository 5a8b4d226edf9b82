package im.signet.kit.page;

import im.signet.kit.web.OpenToAll;

import java.time.Duration;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Serves the one style sheet of all pages. */
@Controller
final class StyleSheetController {

    @OpenToAll
    @GetMapping(path = "/_signet/page.css", produces = "text/css;charset=UTF-8")
    ResponseEntity<Resource> styleSheet() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(new ClassPathResource("page.css", StyleSheetController.class));
    }
}
