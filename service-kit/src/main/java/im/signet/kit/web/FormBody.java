package im.signet.kit.web;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.JsonObject;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// A form in a request's body, read strictly: UTF-8, no name twice. Every value is a string.
///
/// @see <a href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">application/x-www-form-urlencoded</a>
final class FormBody {

    /** The registered type, and the one that the Identity Service API's text names by mistake. */
    private static final Set<String> TYPES = Set.of("application/x-www-form-urlencoded",
            "application/x-form-www-urlencoded");

    private FormBody() {}

    /** Returns whether a body of this {@code Content-Type} is a form: one that begins with a brace is JSON all the same. */
    static boolean is(@Nullable String contentType, byte[] body) {
        return contentType != null && TYPES.contains(contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                && !new String(body, StandardCharsets.ISO_8859_1).stripLeading().startsWith("{");
    }

    /** Returns the fields of a form as the members of an object. */
    static Parsed<JsonObject> parse(byte[] body) {
        JsonObject.Builder fields = JsonObject.builder();
        Set<String> names = new HashSet<>();
        try {
            for (String field : new String(body, StandardCharsets.ISO_8859_1).split("&", -1)) {
                if (!field.isEmpty()) {
                    String[] parts = field.split("=", 2);
                    String name = decode(parts[0]);
                    if (!names.add(name)) {
                        return Parsed.refused("a field came more than once");
                    }
                    fields.put(name, parts.length == 1 ? "" : decode(parts[1]));
                }
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Parsed.refused("it is not percent-encoded UTF-8");
        }
        return Parsed.ok(fields.build());
    }

    /** Decodes to bytes first, each as one character, as the JDK's decoder replaces what is not UTF-8. */
    private static String decode(String encoded) throws CharacterCodingException {
        byte[] bytes = URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
