package im.signet.names.page;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.kit.page.Template;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Answers with pages that anybody may see, each in the reader's language, and that no search engine is to keep. */
@Component
final class OpenPages {

    private final Pages pages;

    OpenPages(Pages pages) {
        this.pages = pages;
    }

    /** Returns a page that stays as it is for that long. */
    ResponseEntity<String> kept(Duration fresh, Template template, Audience audience, Map<String, ?> values) {
        ResponseEntity<String> page = pages.page(200, template, audience, values);
        return marked(page).cacheControl(CacheControl.maxAge(fresh).cachePublic())
                .eTag(tagOf(Objects.requireNonNull(page.getBody())))
                .body(page.getBody());
    }

    /** Returns a page that says why there is nothing. */
    ResponseEntity<String> notice(int status, String state, Audience audience) {
        ResponseEntity<String> page = pages.page(status, HandleTemplates.NOTICE, audience, Map.of("state", state));
        return marked(page).body(page.getBody());
    }

    private static ResponseEntity.BodyBuilder marked(ResponseEntity<String> page) {
        return ResponseEntity.status(page.getStatusCode())
                .headers(page.getHeaders())
                .header("X-Robots-Tag", "noindex, nofollow")
                // Else Spring takes the domain of a handle for the ending of a file, and calls the page f.txt.
                .header("Content-Disposition", "inline")
                .varyBy("Accept-Language");
    }

    // Of all that stands on the page: templates and texts are the operator's, and change as well.
    private static String tagOf(String page) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(page.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
