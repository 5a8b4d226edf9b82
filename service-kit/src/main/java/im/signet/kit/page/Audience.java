package im.signet.kit.page;

import java.util.Locale;
import java.util.Optional;

/**
 * Whom a page or a message is for.
 *
 * @param language what they read
 * @param brand    the name under which they know this server, where it is one that the operator has templates for
 */
public record Audience(Locale language, Optional<String> brand) {

    /** Returns the same people as readers of another language. */
    public Audience reading(Locale other) {
        return new Audience(other, brand);
    }

    /** Returns a URL of this server that leads to a page of the same brand. */
    public String branded(String url) {
        return brand.map(name -> url + (url.contains("?") ? "&" : "?") + AudienceResolver.BRAND + "=" + name)
                .orElse(url);
    }
}
