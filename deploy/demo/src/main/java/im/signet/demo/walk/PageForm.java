package im.signet.demo.walk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A form of one of our pages, as a browser would send it.
 *
 * @param action where it is sent to
 * @param fields its hidden fields
 */
public record PageForm(String action, Map<String, String> fields) {

    private static final Pattern FORM = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\">(.*?)</form>",
            Pattern.DOTALL);
    private static final Pattern FIELD = Pattern
            .compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");

    /** Returns the forms of a page, in order. */
    public static List<PageForm> in(String html) {
        return FORM.matcher(html).results().map(form -> {
            Map<String, String> fields = new LinkedHashMap<>();
            Matcher field = FIELD.matcher(form.group(2));
            while (field.find()) {
                fields.put(field.group(1), field.group(2).replace("&amp;", "&"));
            }
            return new PageForm(form.group(1), fields);
        }).toList();
    }

    /** Returns the body of the request. */
    public String encoded() {
        return fields.entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
