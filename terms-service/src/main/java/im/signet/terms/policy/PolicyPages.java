package im.signet.terms.policy;

import im.signet.kit.page.Markup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.springframework.stereotype.Component;

/**
 * The published texts as their pages show them, made when they are first read. As none ever changes, those that were made
 * are kept, as many as fit into a bounded memory.
 */
@Component
final class PolicyPages {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long MAX_CHARS = 16L * 1024 * 1024;

    /** What a page shows. */
    record Page(String name, Instant publishedAt, Markup markup) {}

    private record Id(String policy, String version, String language) {}

    private final PolicyTexts texts;
    private final PolicyRenderer renderer = new PolicyRenderer(PATIENCE);
    private final Cache<Id, Page> pages = Caffeine.newBuilder()
            .maximumWeight(MAX_CHARS)
            .weigher((Id _, Page page) -> page.markup().html().length() + 1000)
            .build();

    PolicyPages(PolicyTexts texts) {
        this.texts = texts;
    }

    /** Returns what came of making a source into what stands on its page, before anybody is shown it. */
    Rendering tried(PolicyFormat format, String name, String source) {
        return renderer.render(format, name, source);
    }

    /** Returns a page; empty when nothing was published under that policy, version and language. */
    Optional<Page> find(String policy, String version, String language) {
        Id id = new Id(policy, version, language);
        Page kept = pages.getIfPresent(id);
        return kept == null
                ? texts.find(policy, version, language).map(text -> pages.get(id, _ -> made(text)))
                : Optional.of(kept);
    }

    private Page made(PolicyText text) {
        return new Page(text.name(), text.publishedAt(),
                switch (renderer.render(text.format(), text.name(), text.content())) {
                    case Rendering.Rendered rendered -> rendered.markup();
                    // It could be when it was published: whoever agreed to it can still read it.
                    case Rendering.Refused _ -> PolicyRenderer.plain(text.content());
                });
    }
}
