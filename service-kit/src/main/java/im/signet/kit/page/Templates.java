package im.signet.kit.page;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/**
 * Renders the templates below {@code templates/} of the class path: {@code x.html} with every value escaped for HTML,
 * {@code x.txt} as plain text. Safe to use from many threads.
 */
public final class Templates {

    private final SpringTemplateEngine engine = new SpringTemplateEngine();

    /** Opens the templates that the services bring. */
    public Templates() {
        engine.addTemplateResolver(resolver(TemplateMode.HTML, ".html", 1));
        engine.addTemplateResolver(resolver(TemplateMode.TEXT, ".txt", 2));
    }

    private static ClassLoaderTemplateResolver resolver(TemplateMode mode, String suffix, int order) {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("templates/");
        resolver.setTemplateMode(mode);
        resolver.setCharacterEncoding("UTF-8");
        resolver.setResolvablePatterns(Set.of("*" + suffix));
        resolver.setOrder(order);
        return resolver;
    }

    /**
     * Returns the template filled with these values.
     *
     * @param template its path below {@code templates/}, with {@code .html} or {@code .txt}
     * @param language the reader's language; templates know it as {@code language}
     */
    public String render(String template, String language, Map<String, ?> values) {
        Context context = new Context(Locale.forLanguageTag(language));
        context.setVariable("language", language);
        values.forEach(context::setVariable);
        return engine.process(template, context);
    }
}
