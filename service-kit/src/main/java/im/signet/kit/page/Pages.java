package im.signet.kit.page;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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

    /** Returns a page. */
    public ResponseEntity<String> page(int status, Template page, Audience audience, Map<String, ?> values) {
        return headers(status, audience).body(templates.page(page, audience, values));
    }

    /**
     * Returns a page that goes on to another by itself, at once. A redirect would not do after a form: a browser applies
     * the policy for forms to where it leads, too, however often.
     */
    public ResponseEntity<String> leadingOn(URI next, Template page, Audience audience, Map<String, ?> values) {
        return headers(200, audience).header("Refresh", "0; url=" + next.toASCIIString())
                .body(templates.page(page, audience, values));
    }

    private static ResponseEntity.BodyBuilder headers(int status, Audience audience) {
        return ResponseEntity.status(status)
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .header("Content-Language", audience.language().toLanguageTag());
    }

    /**
     * Returns these people as readers of the language that a text of somebody else's is in, where this server has words in
     * it; else they are as they were.
     */
    public Audience reading(Audience audience, Locale language) {
        return templates.reading(audience, language);
    }

    /** Returns a path of this server as a page for these people has to write it. */
    public String path(Audience audience, String path) {
        return audience.branded(templates.pathOf(path));
    }
}
