package im.signet.kit.outbound;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Where a request goes. The name that is asked for stands in the Host header and must stand in the certificate; the
 * connection may be opened to another host, as SRV records have it.
 *
 * @param name        host name or IP address that is asked for; IPv6 without brackets
 * @param namedPort   port that stands beside the name in the Host header; empty when none does
 * @param connectHost host name or IP address to connect to; IPv6 without brackets
 * @param connectPort port to connect to
 */
public record Destination(String name, OptionalInt namedPort, String connectHost, int connectPort) {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.-]{0,252}");

    public Destination {
        requireHost(name);
        requireHost(connectHost);
        namedPort.ifPresent(Destination::requirePort);
        requirePort(connectPort);
    }

    /** Returns whether the text has the form of a host name or of an IP address without brackets. */
    public static boolean isHost(String text) {
        return text.indexOf(':') >= 0 ? IpLiteral.parse(text).isPresent() : NAME.matcher(text).matches();
    }

    /** Returns the destination of {@code https://host:port/}, or of {@code https://host/} when the port is 443. */
    public static Destination of(String host, int port) {
        return new Destination(host, port == 443 ? OptionalInt.empty() : OptionalInt.of(port), host, port);
    }

    private static void requireHost(String host) {
        if (!isHost(host)) {
            throw new IllegalArgumentException("not a host name or IP address");
        }
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    /** Returns the name and port as in the Host header. */
    String authority() {
        String host = name.indexOf(':') >= 0 ? "[" + name + "]" : name;
        return namedPort.isPresent() ? host + ":" + namedPort.getAsInt() : host;
    }

    /** Returns the name and port as in the Host header, and where the connection goes if elsewhere; safe to log. */
    @Override
    public String toString() {
        return connectHost.equals(name) ? authority() : authority() + " (at " + connectHost + ":" + connectPort + ")";
    }
}
