package im.signet.terms.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import nu.validator.htmlparser.common.XmlViolationPolicy;
import nu.validator.htmlparser.dom.HtmlDocumentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What attackers have tried against others who clean HTML, given as HTML and in Markdown. What comes out is read by another
 * parser than the one that cleaned it, as a browser would, and holds nothing beyond the list.
 */
class HostileMarkupTest {

    private static final PolicyRenderer RENDERER = new PolicyRenderer(Duration.ofMinutes(1));
    private static final Set<String> ELEMENTS = Set.of("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span",
            "ul",
            "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a", "em",
            "strong", "b", "i", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "abbr", "dfn", "cite", "q",
            "code",
            "pre", "kbd", "samp", "var", "blockquote", "address", "details", "summary", "bdi", "bdo", "wbr");
    private static final Map<String, String> ATTRIBUTES = Map.ofEntries(Map.entry("id", "text-[^\\s\"'<>]+"),
            Map.entry("href", "(?i)(https?://[^\\s\\\\]+|mailto:\\S+|#text-\\S+)"),
            Map.entry("rel", "noopener noreferrer nofollow"), Map.entry("lang", "[A-Za-z0-9-]+"),
            Map.entry("dir", "(?i)ltr|rtl|auto"), Map.entry("title", "(?s).*"), Map.entry("start", "-?\\d+"),
            Map.entry("reversed", ""), Map.entry("value", "-?\\d+"), Map.entry("scope", "(?i)(row|col)(group)?"),
            Map.entry("colspan", "\\d+"), Map.entry("rowspan", "\\d+"), Map.entry("open", ""),
            Map.entry("tabindex", "0"), Map.entry("class", "wide"));

    static List<String> corpus() {
        try (InputStream in = HostileMarkupTest.class.getResourceAsStream("/hostile-markup.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("## "))
                    .map(line -> line.replace("\\n", "\n").replace("\\t", "\t").replace("\\x01", "\u0001"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void areMany() {
        assertThat(corpus()).hasSizeGreaterThan(80).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void leaveNothingBehind(String payload) {
        for (PolicyFormat format : PolicyFormat.values()) {
            for (String source : List.of(payload, "# Title\n\nText " + payload + " more\n\n> " + payload + "\n\n- "
                    + payload + "\n\n| a |\n|---|\n| " + payload + " |\n",
                    "<h1>" + payload + "</h1><table><tr><td>" + payload
                            + "<p lang='" + payload + "' id=\"" + payload + "\">[" + payload + "](" + payload + ")")) {
                Rendering rendering = RENDERER.render(format, "Name", source);
                assertThat(rendering).isInstanceOf(Rendering.Rendered.class);
                String html = ((Rendering.Rendered) rendering).markup().html();
                check(parse("<!DOCTYPE html><html><head><title>x</title></head><body>" + html + "</body></html>")
                        .getElementsByTagName("body")
                        .item(0), format);
            }
        }
    }

    private static Document parse(String html) {
        try {
            HtmlDocumentBuilder parser = new HtmlDocumentBuilder(XmlViolationPolicy.ALTER_INFOSET);
            parser.setScriptingEnabled(true);
            return parser.parse(new InputSource(new StringReader(html)));
        } catch (IOException | SAXException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Node> list(NodeList nodes) {
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1).map(nodes::item);
    }

    private static void check(Node parent, PolicyFormat format) {
        list(parent.getChildNodes()).forEach(node -> {
            assertThat(node.getNodeType()).as("neither comments nor instructions")
                    .isIn(Node.ELEMENT_NODE, Node.TEXT_NODE);
            if (node instanceof Element element) {
                assertThat(ELEMENTS).contains(element.getLocalName());
                assertThat(element.getNamespaceURI()).isEqualTo("http://www.w3.org/1999/xhtml");
                for (int i = 0; i < element.getAttributes().getLength(); i++) {
                    Node attribute = element.getAttributes().item(i);
                    if (format == PolicyFormat.TEXT) {
                        assertThat(attribute.toString()).isEqualTo("class=\"text\"");
                    } else {
                        assertThat(ATTRIBUTES).containsKey(attribute.getNodeName());
                        assertThat(attribute.getNodeValue()).as(attribute.getNodeName())
                                .matches(ATTRIBUTES.get(attribute.getNodeName()));
                    }
                }
                check(element, format);
            }
        });
    }

    /** A list that only grew would prove nothing. */
    @Test
    void areMeasuredByAListThatIsNoWiderThanWhatIsShown() {
        assertThat(ELEMENTS).allSatisfy(element -> {
            String html = element.equals("summary")
                    ? "<details><summary>a</summary></details>"
                    : Arrays.asList("li", "dt", "dd").contains(element)
                            ? "<" + element + ">a"
                            : "<table><caption>a</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>a</td></tr>"
                                    + "</tbody><tfoot><tr><td>a</td></tr></tfoot></table><h1>1</h1><h2>2</h2><h3>3</h3>"
                                    + "<h4>4</h4><h5>5</h5><a href='https://example.org/'>x</a><" + element + ">a";
            Rendering rendering = RENDERER.render(PolicyFormat.HTML, "Name", html);
            assertThat(((Rendering.Rendered) rendering).markup().html()).contains("<" + element);
        });
    }
}
