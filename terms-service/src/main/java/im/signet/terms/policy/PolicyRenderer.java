package im.signet.terms.policy;

import im.signet.kit.page.Markup;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.HtmlUtils;

/**
 * Makes the source of a text into what stands on its page. Whatever the source, this ends in bounded time and memory: what
 * nests too deeply, makes far more of itself than it is, or takes too long, is refused. Safe to use from many threads.
 */
final class PolicyRenderer {

    private static final Logger log = LoggerFactory.getLogger(PolicyRenderer.class);

    private static final int MAX_CELLS = 50_000;
    private static final int MAX_NESTING = 50;
    private static final int MAX_HTML_CHARS = 8 * 1024 * 1024;
    private static final long STACK_BYTES = 16L * 1024 * 1024;

    // Reference links can name one long address a hundred thousand times, and a row lacks all cells but one.
    private static final List<Extension> TABLES = List.of(TablesExtension.builder().maxCells(MAX_CELLS).build());
    private static final Parser MARKDOWN = Parser.builder()
            .extensions(TABLES)
            .maxOpenBlockParsers(MAX_NESTING)
            .maxInlineNesting(MAX_NESTING)
            .build();
    private static final HtmlRenderer HTML = HtmlRenderer.builder().extensions(TABLES).build();

    private final Duration patience;

    /**
     * @param patience how long a source may take, which is far more than any text of people does
     */
    PolicyRenderer(Duration patience) {
        this.patience = patience;
    }

    /**
     * Returns what stands on the page.
     *
     * @param name what the page has as its heading; a source that begins with the same heading does not repeat it
     */
    Rendering render(PolicyFormat format, String name, String source) {
        if (format == PolicyFormat.TEXT) {
            return new Rendering.Rendered(plain(source), Set.of());
        }
        FutureTask<Rendering> task = new FutureTask<>(() -> renderNow(format, name, source));
        Thread.ofPlatform().name("policy-renderer").daemon().stackSize(STACK_BYTES).start(task);
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException endless) {
            task.cancel(true);
            return new Rendering.Refused("takes too long to be shown");
        } catch (ExecutionException failed) {
            log.debug("a text could not be rendered: {}", String.valueOf(failed.getCause()));
            return new Rendering.Refused(failed.getCause() instanceof StackOverflowError
                    ? "nests too deeply to be shown"
                    : "cannot be shown as " + format.words());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while a text was rendered", stopped);
        }
    }

    private static Rendering renderNow(PolicyFormat format, String name, String source) throws IOException {
        try {
            String html = source;
            if (format == PolicyFormat.MARKDOWN) {
                Limited limited = new Limited();
                HTML.render(MARKDOWN.parse(source), limited);
                html = limited.text.toString();
            }
            Rendering.Rendered rendered = PolicyCleaner.clean(name, html);
            return rendered.markup().html().length() <= MAX_HTML_CHARS
                    ? rendered
                    : new Rendering.Refused("makes a page that is too large");
        } catch (TooLarge tooLarge) {
            return new Rendering.Refused("makes a page that is too large");
        }
    }

    /** Returns a source of whatever format as its paragraphs, with nothing in it that is markup. */
    static Markup plain(String source) {
        StringBuilder html = new StringBuilder();
        StringBuilder paragraph = new StringBuilder();
        for (String line : (Iterable<String>) source.lines()::iterator) {
            if (line.isBlank()) {
                addParagraph(html, paragraph);
            } else {
                paragraph.append(paragraph.isEmpty() ? "" : "\n").append(line);
            }
        }
        addParagraph(html, paragraph);
        return new Markup(html.toString());
    }

    private static void addParagraph(StringBuilder html, StringBuilder paragraph) {
        if (!paragraph.isEmpty()) {
            html.append("<p class=\"text\">")
                    .append(HtmlUtils.htmlEscape(paragraph.toString().strip(), "UTF-8"))
                    .append("</p>\n");
            paragraph.setLength(0);
        }
    }

    private static final class TooLarge extends RuntimeException {}

    private static final class Limited implements Appendable {

        private final StringBuilder text = new StringBuilder();

        private Limited limit(int more) {
            if (text.length() + (long) more > MAX_HTML_CHARS) {
                throw new TooLarge();
            }
            return this;
        }

        @Override
        public Appendable append(CharSequence more) {
            limit(more.length()).text.append(more);
            return this;
        }

        @Override
        public Appendable append(CharSequence more, int start, int end) {
            limit(end - start).text.append(more, start, end);
            return this;
        }

        @Override
        public Appendable append(char more) {
            limit(1).text.append(more);
            return this;
        }
    }
}
