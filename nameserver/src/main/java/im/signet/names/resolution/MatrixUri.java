package im.signet.names.resolution;

import im.signet.protocol.identifier.UserId;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The URI of a user, which leads to an app and tells no server whom somebody looks at. */
public final class MatrixUri {

    private MatrixUri() {}

    /** Returns the URI as Matrix writes it: {@code matrix:u/alice:example.org}. */
    public static String of(UserId user) {
        String name = user.value().substring(1);
        return "matrix:u/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%3A", ":");
    }
}
