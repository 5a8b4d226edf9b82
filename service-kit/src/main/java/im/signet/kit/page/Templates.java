package im.signet.kit.page;

import im.signet.kit.settings.UnusableSettingException;

import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.thymeleaf.IEngineConfiguration;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.cache.AlwaysValidCacheEntryValidity;
import org.thymeleaf.context.Context;
import org.thymeleaf.exceptions.TemplateProcessingException;
import org.thymeleaf.spring6.dialect.SpringStandardDialect;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ITemplateResolver;
import org.thymeleaf.templateresolver.TemplateResolution;
import org.thymeleaf.templateresource.ITemplateResource;

/**
 * Writes pages and messages in the reader's language: {@code x.html} with every value escaped for HTML, {@code x.txt} as
 * plain text. Where the operator has a template or a text of their own, it takes the place of ours. Safe to use from many
 * threads.
 */
public final class Templates {

    static final String SERVER = "server";
    private static final String STYLE_SHEET_PATH = "/_signet/page.css";

    /** A mail: its subject, on one line, and its two bodies. */
    public record Letter(String subject, String text, String html) {}

    private final TemplateSources sources;
    private final Map<String, TemplateEngine> engines = new HashMap<>();
    private final Locale fallback;
    private final String serverName;
    private final String basePath;

    /**
     * Reads the templates.
     *
     * @param folder     the operator's; none: only ours
     * @param fallback   what is written to people of whom nobody knows what they read
     * @param serverName what templates know as {@code server}
     * @param basePath   what stands before the paths of this server's pages; mostly nothing
     */
    public Templates(@Nullable Path folder, Locale fallback, String serverName, String basePath) {
        this.sources = new TemplateSources(folder);
        this.fallback = fallback;
        this.serverName = serverName;
        this.basePath = basePath;
        for (String brand : sources.brands()) {
            TemplateEngine engine = new TemplateEngine();
            engine.setDialects(Set.of(new SpringStandardDialect(), new TextDialect(
                    language -> key -> sources.texts(brand)
                            .find(language, key)
                            .orElseThrow(() -> new TemplateProcessingException("there is no text " + key)))));
            engine.setTemplateResolver(new Resolver(sources, brand));
            engines.put(brand, engine);
        }
    }

    /**
     * Tries every page and message with samples, and refuses to go on where an operator's template cannot be used. Where
     * there are only ours, which are tried when they are built, it does nothing: that is a tenth of a start.
     */
    void refuseUnusable(List<Template> templates) {
        if (!sources.hasOperators()) {
            return;
        }
        List<TemplateCheck.Finding> wrong = TemplateCheck.withSamples(this, templates)
                .stream()
                .filter(finding -> !finding.isOk())
                .toList();
        if (!wrong.isEmpty()) {
            TemplateCheck.Finding first = wrong.getFirst();
            throw new UnusableSettingException("The setting signet.mail.templates names what cannot be used: "
                    + first.where() + ": " + first.problems().getFirst() + ".",
                    "Mend it; 'signet templates check' names everything that is wrong.");
        }
    }

    /**
     * Returns whom an answer is for. Of the languages that somebody accepts they get the first that there are texts in, by
     * the look-up of RFC 4647; a brand that is none of the operator's counts for nothing.
     *
     * @param acceptLanguage the header of that name
     */
    public Audience audience(Optional<String> acceptLanguage, Optional<String> brand) {
        return audience(AcceptedLanguages.in(acceptLanguage.orElse(null)), brand);
    }

    Audience audience(AcceptedLanguages accepted, Optional<String> brand) {
        Optional<String> known = brand.map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals(TemplateSources.NO_BRAND) && engines.containsKey(name));
        return new Audience(accepted.lookUp(languages(known.orElse(TemplateSources.NO_BRAND))).orElse(fallback), known);
    }

    /** Returns these people as readers of a language, where there are texts in it or in what it is a form of. */
    Audience reading(Audience audience, Locale language) {
        return languages(audience.brand().orElse(TemplateSources.NO_BRAND)).stream()
                .anyMatch(known -> (language.toLanguageTag() + "-").startsWith(known.toLanguageTag() + "-"))
                        ? audience.reading(language)
                        : audience;
    }

    /**
     * Returns a page.
     *
     * @param values of the names that the template takes, which it escapes
     */
    public String page(Template page, Audience audience, Map<String, ?> values) {
        return only(page, Template.Kind.PAGE, audience, values);
    }

    /** Returns an SMS. */
    public String sms(Template sms, Audience audience, Map<String, ?> values) {
        return only(sms, Template.Kind.SMS, audience, values).strip();
    }

    private String only(Template template, Template.Kind kind, Audience audience, Map<String, ?> values) {
        if (template.kind() != kind) {
            throw new IllegalArgumentException(template + " is no " + kind);
        }
        template.check(values);
        return render(template.files().getFirst(), audience, values);
    }

    /** Returns a mail. */
    public Letter mail(Template mail, Audience audience, Map<String, ?> values) {
        if (mail.kind() != Template.Kind.MAIL) {
            throw new IllegalArgumentException(mail + " is no mail");
        }
        mail.check(values);
        return new Letter(render(mail.files().get(0), audience, values).strip(),
                render(mail.files().get(1), audience, values).strip() + "\n",
                render(mail.files().get(2), audience, values));
    }

    String render(String file, Audience audience, Map<String, ?> values) {
        Context context = new Context(audience.language());
        context.setVariable("language", audience.language().toLanguageTag());
        context.setVariable("direction", Direction.of(audience.language()).attribute());
        context.setVariable("stylesheet", audience.branded(pathOf(STYLE_SHEET_PATH)));
        context.setVariable(SERVER, serverName);
        values.forEach(context::setVariable);
        return engine(audience.brand().orElse(TemplateSources.NO_BRAND)).process(file, context);
    }

    /** Returns a path of this server as a page has to write it. */
    String pathOf(String path) {
        return basePath + path;
    }

    String styleSheet(Audience audience) {
        return sources.find(audience.brand().orElse(TemplateSources.NO_BRAND), TemplateSources.STYLE_SHEET)
                .orElseThrow()
                .content();
    }

    TemplateSources sources() {
        return sources;
    }

    List<Locale> languages(String brand) {
        return sources.texts(brand).languages();
    }

    Locale fallback() {
        return fallback;
    }

    private TemplateEngine engine(String brand) {
        // A service apart may be asked to write for a brand that it has no templates for.
        TemplateEngine known = engines.get(brand);
        return known == null ? Objects.requireNonNull(engines.get(TemplateSources.NO_BRAND)) : known;
    }

    /** Finds what was read; nothing is looked for anywhere else. */
    private record Resolver(TemplateSources sources, String brand) implements ITemplateResolver {

        @Override
        public String getName() {
            return "templates";
        }

        @Override
        public Integer getOrder() {
            return 1;
        }

        @Override
        public @Nullable TemplateResolution resolveTemplate(IEngineConfiguration configuration,
                @Nullable String ownerTemplate, String template,
                @Nullable Map<String, Object> templateResolutionAttributes) {
            return sources.find(brand, template)
                    .map(source -> new TemplateResolution(new Read(source),
                            template.endsWith(".html") ? TemplateMode.HTML : TemplateMode.TEXT,
                            AlwaysValidCacheEntryValidity.INSTANCE))
                    .orElse(null);
        }
    }

    /** A file that was read; messages about it call it what the operator does. */
    private record Read(TemplateSources.Source source) implements ITemplateResource {

        @Override
        public String getDescription() {
            return source.where();
        }

        @Override
        public @Nullable String getBaseName() {
            return null;
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public Reader reader() {
            return new StringReader(source.content());
        }

        @Override
        public ITemplateResource relative(String relativeLocation) {
            throw new UnsupportedOperationException("templates name each other by their names");
        }
    }
}
