package im.signet.kit.page;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Answers with a page for people. Pages are never stored by a browser or a proxy, tell no other site where the reader came
 * from, run no scripts, and load nothing but our style sheet.
 */
public final class Pages {

    private static final String POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";

    private final Templates templates;

    /** Answers with pages made from these templates. */
    public Pages(Templates templates) {
        this.templates = templates;
    }

    /**
     * Returns a page.
     *
     * @param template its path below {@code templates/}, without {@code .html}
     */
    public ResponseEntity<String> page(int status, String template, String language, Map<String, ?> values) {
        return ResponseEntity.status(status)
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .header("Content-Language", language)
                .body(templates.render(template + ".html", language, values));
    }
}
