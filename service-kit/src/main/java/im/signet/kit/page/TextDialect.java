package im.signet.kit.page;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.thymeleaf.context.ITemplateContext;
import org.thymeleaf.dialect.AbstractProcessorDialect;
import org.thymeleaf.engine.AttributeName;
import org.thymeleaf.exceptions.TemplateProcessingException;
import org.thymeleaf.model.IModel;
import org.thymeleaf.model.IModelFactory;
import org.thymeleaf.model.IProcessableElementTag;
import org.thymeleaf.processor.IProcessor;
import org.thymeleaf.processor.element.AbstractAttributeTagProcessor;
import org.thymeleaf.processor.element.IElementTagStructureHandler;
import org.thymeleaf.standard.StandardDialect;
import org.thymeleaf.templatemode.TemplateMode;
import org.unbescape.html.HtmlEscape;

/**
 * {@code signet:text="some.key"} in a template: the text of that key in the reader's language, its values put in. In HTML
 * everything is escaped and each value stands in a {@code <bdi>}, so that a name written from right to left disturbs
 * nothing around it. A key may hold the name of a value in braces. {@code signet:markup="value"} puts in a {@link Markup}
 * as it is, and nothing that is none.
 */
final class TextDialect extends AbstractProcessorDialect {

    private static final String PREFIX = "signet";
    private static final int AS_TH_TEXT = 1300;
    // Elements whose content is no markup.
    private static final Set<String> TEXT_ONLY = Set.of("title", "option", "textarea");
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");
    private static final Pattern STEERING = Pattern.compile("[\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");
    private static final String FIRST_STRONG_ISOLATE = "\u2068";
    private static final String POP_ISOLATE = "\u2069";

    private final Function<Locale, Function<String, Text>> texts;

    /**
     * @param texts the text of a language and key; throws where there is none
     */
    TextDialect(Function<Locale, Function<String, Text>> texts) {
        // That of the standard dialect: its processors and ours then run in the order of their own precedence.
        super("Signet's texts", PREFIX, StandardDialect.PROCESSOR_PRECEDENCE);
        this.texts = texts;
    }

    @Override
    public Set<IProcessor> getProcessors(String dialectPrefix) {
        return Set.of(new Processor(TemplateMode.HTML, dialectPrefix), new Processor(TemplateMode.TEXT, dialectPrefix),
                new Inserting(dialectPrefix));
    }

    /** Returns a value on one line, less the invisible characters that steer the direction of text. */
    static String visible(String value) {
        // As most values are, and there is nothing in them to look for.
        if (value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return value;
        }
        return STEERING.matcher(LINE_BREAKS.matcher(value).replaceAll(" ")).replaceAll("");
    }

    private static final class Inserting extends AbstractAttributeTagProcessor {

        Inserting(String prefix) {
            super(TemplateMode.HTML, prefix, null, false, "markup", true, AS_TH_TEXT, true);
        }

        @Override
        protected void doProcess(ITemplateContext context, IProcessableElementTag tag, AttributeName attributeName,
                String attributeValue, IElementTagStructureHandler structureHandler) {
            if (!(context.getVariable(attributeValue) instanceof Markup markup)) {
                throw new TemplateProcessingException(
                        "signet:markup takes the name of a value that is markup, and " + attributeValue + " is none");
            }
            structureHandler.setBody(markup.html(), false);
        }
    }

    private final class Processor extends AbstractAttributeTagProcessor {

        Processor(TemplateMode mode, String prefix) {
            super(mode, prefix, null, false, "text", true, AS_TH_TEXT, true);
        }

        @Override
        protected void doProcess(ITemplateContext context, IProcessableElementTag tag, AttributeName attributeName,
                String attributeValue, IElementTagStructureHandler structureHandler) {
            StringBuilder key = new StringBuilder();
            for (Text.Piece piece : Text.parse("", attributeValue).pieces()) {
                key.append(switch (piece) {
                    case Text.Piece.Words(String words) -> words;
                    case Text.Piece.Value(String name) -> valueOf(context, attributeValue, name);
                });
            }
            List<Text.Piece> pieces = texts.apply(context.getLocale()).apply(key.toString()).pieces();
            IModel model = context.getModelFactory().createModel();
            for (Text.Piece piece : pieces) {
                switch (piece) {
                    case Text.Piece.Words(String words) -> addText(context, model, words);
                    case Text.Piece.Value(String name) ->
                        addValue(context, tag, model, visible(valueOf(context, key.toString(), name)));
                }
            }
            structureHandler.setBody(model, false);
        }

        private void addText(ITemplateContext context, IModel model, String text) {
            model.add(context.getModelFactory()
                    .createText(getTemplateMode() == TemplateMode.HTML ? HtmlEscape.escapeHtml4Xml(text) : text));
        }

        private void addValue(ITemplateContext context, IProcessableElementTag tag, IModel model, String value) {
            IModelFactory factory = context.getModelFactory();
            if (getTemplateMode() == TemplateMode.TEXT) {
                addText(context, model, Direction.of(context.getLocale()) == Direction.RTL
                        ? FIRST_STRONG_ISOLATE + value + POP_ISOLATE
                        : value);
            } else if (TEXT_ONLY.contains(tag.getElementCompleteName())) {
                addText(context, model, value);
            } else {
                model.add(factory.createOpenElementTag("bdi"));
                addText(context, model, value);
                model.add(factory.createCloseElementTag("bdi"));
            }
        }

        private static String valueOf(ITemplateContext context, String text, String name) {
            Object value = context.getVariable(name);
            if (value == null) {
                throw new TemplateProcessingException(
                        "the text " + text + " needs {" + name + "}, which this template has not");
            }
            return value.toString();
        }
    }
}
