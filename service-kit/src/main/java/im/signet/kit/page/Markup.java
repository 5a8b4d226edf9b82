package im.signet.kit.page;

/**
 * HTML that whoever made it has cleaned of everything that may not stand on a page. It is the one value that a template puts
 * in as it is, by {@code signet:markup}.
 */
public record Markup(String html) {

    @Override
    public String toString() {
        return html;
    }
}
