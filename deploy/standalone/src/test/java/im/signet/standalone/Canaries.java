package im.signet.standalone;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Secrets that were given to a server, and the search for any of them, however it is written. */
final class Canaries {

    private static final int SHORT = 7;

    private final Map<String, String> kindsBySecret = new LinkedHashMap<>();

    /** Takes note of a secret; returns it. */
    String plant(String kind, String secret) {
        kindsBySecret.put(secret, kind);
        return secret;
    }

    int count() {
        return kindsBySecret.size();
    }

    /** Returns which secrets stand in a text, with how they are written; the secrets themselves are named by their kind. */
    List<String> foundIn(String text) {
        String folded = text.toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        kindsBySecret.forEach((secret, kind) -> {
            if (secret.length() < SHORT) {
                // A code of six digits: within a longer number or word it would be found by chance.
                if (Pattern.compile("(?<![0-9a-z.:_-])" + secret + "(?![0-9a-z.:_-])").matcher(folded).find()) {
                    found.add(kind + " as it is");
                }
                return;
            }
            spellings(secret).forEach((how, spellings) -> {
                boolean exact = how.startsWith("base64");
                if (spellings.stream()
                        .anyMatch(spelling -> exact
                                ? text.contains(spelling)
                                : folded.contains(spelling.toLowerCase(Locale.ROOT)))) {
                    found.add(kind + " " + how);
                }
            });
        });
        return found;
    }

    /** Returns the ways in which a secret may be written in a log, by name; upper and lower case is for the search. */
    static Map<String, Set<String>> spellings(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Map<String, Set<String>> spellings = new LinkedHashMap<>();
        String query = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        spellings.put("as it is", setOf(secret));
        spellings.put("in a query", setOf(query, query.replace("+", "%20")));
        spellings.put("in a query within a query", setOf(URLEncoder.encode(query, StandardCharsets.UTF_8)));
        String hex = HexFormat.of().formatHex(bytes);
        spellings.put("in hexadecimal", setOf(hex, HexFormat.ofDelimiter(" ").formatHex(bytes),
                HexFormat.ofDelimiter(":").formatHex(bytes)));
        spellings.put("percent-encoded", setOf(hex.replaceAll("..", "%$0")));
        spellings.put("escaped for JSON", setOf(
                secret.chars().mapToObj(c -> String.format("\\u%04x", c)).collect(Collectors.joining()),
                secret.replace("/", "\\/").replace("\"", "\\\"")));
        String html = secret.replace("&", "&amp;");
        spellings.put("escaped for HTML", setOf(html, html.replace("+", "&#43;"), html.replace("@", "&#64;"),
                html.replace("+", "&#43;").replace("@", "&#64;"), html.replace("/", "&#x2F;").replace("=", "&#61;"),
                secret.chars().mapToObj(c -> "&#" + c + ";").collect(Collectors.joining())));
        spellings.put("as numbers of bytes", setOf(bytesAsNumbers(bytes, ", "), bytesAsNumbers(bytes, ",")));
        spellings.put("backwards", setOf(new StringBuilder(secret).reverse().toString()));
        spellings.put("base64", base64(bytes, Base64.getEncoder()));
        spellings.put("base64 for URLs", base64(bytes, Base64.getUrlEncoder()));
        return spellings;
    }

    private static Set<String> setOf(String... spellings) {
        return new LinkedHashSet<>(List.of(spellings));
    }

    private static String bytesAsNumbers(byte[] bytes, String between) {
        List<String> numbers = new ArrayList<>();
        for (byte b : bytes) {
            numbers.add(String.valueOf(b));
        }
        return String.join(between, numbers);
    }

    /** Returns what base64 makes of the bytes after none, one and two others: less the characters that those share in. */
    private static Set<String> base64(byte[] bytes, Base64.Encoder encoder) {
        Set<String> texts = new LinkedHashSet<>();
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String text = encoder.withoutPadding().encodeToString(shifted);
            int shared = before == 0 ? 0 : before + 1;
            int end = shifted.length % 3 == 0 ? text.length() : text.length() - 1;
            texts.add(text.substring(shared, end));
        }
        return texts;
    }
}
