package im.signet.identity.validation.sms;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is sent to a gateway, with placeholders for the number and the text. What stands for them is escaped, so that no
 * text can become anything but text.
 */
record BodyTemplate(String template, Encoding encoding) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(to|text)\\}");

    /** How values are written. */
    enum Encoding {
        /** As the inside of a JSON string. */
        JSON,
        /** As the value of a form's field. */
        FORM;

        /** Returns the encoding of a media type; empty when there is none for it. */
        static Optional<Encoding> of(String contentType) {
            String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (type.equals("application/json") || type.endsWith("+json")) {
                return Optional.of(JSON);
            }
            return type.equals("application/x-www-form-urlencoded") ? Optional.of(FORM) : Optional.empty();
        }

        String encode(String value) {
            return switch (this) {
                case JSON -> {
                    String quoted = StrictJson.write(new JsonString(value));
                    yield quoted.substring(1, quoted.length() - 1);
                }
                case FORM -> URLEncoder.encode(value, StandardCharsets.UTF_8);
            };
        }
    }

    /** Returns the body for one SMS. */
    String fill(String to, String text) {
        return PLACEHOLDER.matcher(template)
                .replaceAll(found -> Matcher
                        .quoteReplacement(encoding.encode(found.group(1).equals("to") ? to : text)));
    }

    /** Returns whether both placeholders are there and whether what comes out is of its type. */
    boolean isUsable() {
        return template.contains("{to}") && template.contains("{text}") && (encoding == Encoding.FORM
                || StrictJson.parse(fill("447700900001", "a \"quoted\" \\ text")) instanceof Parsed.Ok);
    }

    @Override
    public String toString() {
        return "BodyTemplate[hidden]";
    }
}
