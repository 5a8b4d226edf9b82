package im.signet.client;

import im.signet.protocol.Parsed;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for the address of a server, and its one form by which servers are compared. */
final class BaseUrl {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "[::1]");

    private BaseUrl() {}

    /** Returns {@code url} with a lower-cased host and without default port and final slashes. */
    static Parsed<URI> parse(URI url, boolean loopbackHttpAllowed) {
        String host = url.getHost();
        if (host == null || url.getScheme() == null) {
            return Parsed.refused("the address of a server has the form https://host");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            return Parsed.refused("the address of a server has no user, '?' or '#'");
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        String lowerHost = host.toLowerCase(Locale.ROOT);
        boolean isHttps = scheme.equals("https");
        if (!isHttps && !(scheme.equals("http") && loopbackHttpAllowed && isLoopback(lowerHost))) {
            return Parsed.refused("a server is reached by https");
        }
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            return Parsed.refused("a port is between 1 and 65535");
        }
        String path = withoutFinalSlashes(url.getRawPath());
        // Normalising keeps a '..' that has nothing before it.
        if (!URI.create(path).normalize().getRawPath().equals(path) || (path + "/").startsWith("/../")) {
            return Parsed.refused("the address of a server has no '..', '.' or '//' in its path");
        }
        String port = url.getPort() < 0 || url.getPort() == (isHttps ? 443 : 80) ? "" : ":" + url.getPort();
        try {
            return Parsed.ok(new URI(scheme + "://" + lowerHost + port + path));
        } catch (URISyntaxException e) {
            return Parsed.refused("the address of a server has the form https://host");
        }
    }

    private static String withoutFinalSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK_NAMES.contains(host) || LOOPBACK_V4.matcher(host).matches();
    }
}
