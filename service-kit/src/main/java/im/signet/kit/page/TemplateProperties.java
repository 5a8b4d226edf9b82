package im.signet.kit.page;

import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How mails and pages are worded.
 *
 * @param templates a folder with templates and texts in place of ours
 * @param language  what is written to people of whom nobody knows what they read, as a language tag
 */
@ConfigurationProperties("signet.mail")
public record TemplateProperties(@Nullable Path templates, @DefaultValue("en") Locale language) {

    /** Takes an empty folder name as none. */
    public TemplateProperties {
        if (templates != null && templates.toString().isBlank()) {
            templates = null;
        }
    }
}
