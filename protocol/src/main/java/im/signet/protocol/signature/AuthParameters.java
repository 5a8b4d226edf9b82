package im.signet.protocol.signature;

import im.signet.protocol.Parsed;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The parameters of an {@code Authorization} header, as RFC 9110 (sections 5.6 and 11.2) writes them, with colons. */
final class AuthParameters {
    private static final String SHAPE = "the parameters of an X-Matrix header have the form name=value or name=\"value\"";

    private final Map<String, String> byName = new LinkedHashMap<>();
    private final String text;
    private int at;

    private AuthParameters(String text, int start) {
        this.text = text;
        this.at = start;
    }

    /** Returns the parameters that stand in {@code text} from {@code start} on. */
    static Parsed<AuthParameters> parse(String text, int start) {
        AuthParameters parameters = new AuthParameters(text, start);
        String fault = parameters.read();
        return fault.isEmpty() ? Parsed.ok(parameters) : Parsed.refused(fault);
    }

    /** Returns the value of a parameter; {@code name} is in lower case. */
    Optional<String> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Reads everything; returns what is wrong, or nothing. */
    private String read() {
        while (true) {
            // Elements of a list may be empty: section 5.6.1.2.
            skipBlanksAndCommas();
            if (at == text.length()) {
                return "";
            }
            String fault = readParameter();
            if (!fault.isEmpty()) {
                return fault;
            }
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ',') {
                return SHAPE;
            }
        }
    }

    private String readParameter() {
        String name = readWhile(AuthParameters::isTokenCharacter).toLowerCase(Locale.ROOT);
        skipBlanks();
        if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
            return SHAPE;
        }
        at++;
        skipBlanks();
        Optional<String> value = at < text.length() && text.charAt(at) == '"' ? readQuoted() : readUnquoted();
        if (!value.isPresent()) {
            return SHAPE;
        }
        return byName.putIfAbsent(name, value.get()) == null ? "" : "a parameter of an X-Matrix header comes once";
    }

    private Optional<String> readUnquoted() {
        String value = readWhile(c -> isTokenCharacter(c) || c == ':');
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private Optional<String> readQuoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return Optional.of(value.toString());
            }
            if (c == '\\') {
                at++;
                if (at == text.length()) {
                    return Optional.empty();
                }
                c = text.charAt(at);
            }
            if (!isQuotable(c)) {
                return Optional.empty();
            }
            value.append(c);
        }
        return Optional.empty();
    }

    private String readWhile(CharacterTest allowed) {
        int start = at;
        while (at < text.length() && allowed.test(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skipBlanks() {
        readWhile(AuthParameters::isBlank);
    }

    private void skipBlanksAndCommas() {
        readWhile(c -> isBlank(c) || c == ',');
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    // Bytes beyond ASCII come as one character each.
    private static boolean isQuotable(char c) {
        return c == '\t' || (c >= ' ' && c <= '~') || (c >= 0x80 && c <= 0xFF);
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    @FunctionalInterface
    private interface CharacterTest {
        boolean test(char c);
    }
}
