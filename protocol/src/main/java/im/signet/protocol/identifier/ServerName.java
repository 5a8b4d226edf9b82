package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import java.util.OptionalInt;

/**
 * The name of a homeserver: a host name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. See
 * <a href="https://spec.matrix.org/latest/appendices/#server-name">Matrix appendices</a>.
 *
 * <p>Stricter than the specification where its grammar lets names through that mean another thing to a resolver: labels
 * are not empty and do not begin or end with '-', and what looks like an IPv4 address is one in its usual form. Upper
 * and lower case are different names, as the specification wants.
 *
 * @param value the name as it is written, at most 230 characters
 */
public record ServerName(String value) {
    private static final int MAX_LENGTH = 230;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;
    private static final String BRACKETS_RULE = "the brackets of a server name hold one IPv6 address";

    /** Throws an {@link IllegalArgumentException} when {@code value} is no server name. */
    public ServerName {
        String fault = faultIn(value);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Returns the server name that {@code text} is. */
    public static Parsed<ServerName> parse(String text) {
        String fault = faultIn(text);
        return fault.isEmpty() ? Parsed.ok(new ServerName(text)) : Parsed.refused(fault);
    }

    /** Returns the server name that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static ServerName of(String text) {
        return new ServerName(text);
    }

    /** Returns the host without port; an IPv6 address without its brackets. */
    public String host() {
        String host = value.substring(0, endOfHost(value));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Returns the port that the name spells out; empty when it has none. */
    public OptionalInt port() {
        int end = endOfHost(value);
        return end == value.length() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value.substring(end + 1)));
    }

    /** Returns whether the host is an IPv4 or IPv6 address, so that no name needs to be resolved. */
    public boolean isIpLiteral() {
        return value.startsWith("[") || IpLiterals.isIpv4(value.substring(0, endOfHost(value)));
    }

    @Override
    public String toString() {
        return value;
    }

    /** Returns where the host ends: at the port's colon or at the end; 0 when a bracket is not closed. */
    private static int endOfHost(String text) {
        if (text.startsWith("[")) {
            return text.indexOf(']') + 1;
        }
        int colon = text.indexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    /** Returns why {@code text} is no server name; empty when it is one. */
    private static String faultIn(String text) {
        if (text.isEmpty()) {
            return "a server name cannot be empty";
        }
        if (text.length() > MAX_LENGTH) {
            return "a server name has at most " + MAX_LENGTH + " characters";
        }
        int end = endOfHost(text);
        if (end == 0 && text.startsWith("[")) {
            return BRACKETS_RULE;
        }
        if (end < text.length() && (text.charAt(end) != ':' || !isPort(text.substring(end + 1)))) {
            return "the port of a server name is a number from 1 to 65535 after one ':'";
        }
        String host = text.substring(0, end);
        if (text.startsWith("[")) {
            return IpLiterals.isIpv6(host.substring(1, end - 1)) ? "" : BRACKETS_RULE;
        }
        return faultInHostName(host);
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > MAX_PORT_DIGITS || !Ascii.isDigits(text)) {
            return false;
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= MAX_PORT;
    }

    private static String faultInHostName(String host) {
        int start = 0;
        for (int i = 0; i <= host.length(); i++) {
            if (i == host.length() || host.charAt(i) == '.') {
                if (i == start) {
                    return "a host name has no empty part";
                }
                if (i - start > MAX_LABEL_LENGTH) {
                    return "a part of a host name has at most " + MAX_LABEL_LENGTH + " characters";
                }
                if (host.charAt(start) == '-' || host.charAt(i - 1) == '-') {
                    return "no part of a host name begins or ends with '-'";
                }
                start = i + 1;
            } else if (!Ascii.isLetterOrDigit(host.charAt(i)) && host.charAt(i) != '-') {
                return "a host name has only letters, digits, '-' and '.'";
            }
        }
        // Resolvers read these as IPv4 addresses in shorthand, octal or hexadecimal: 127.1, 0177.0.0.1, 0x7f000001.
        String lastLabel = host.substring(host.lastIndexOf('.') + 1);
        if (Ascii.isNumber(lastLabel) && !IpLiterals.isIpv4(host)) {
            return "a host that ends in a number is an IPv4 address of four numbers from 0 to 255";
        }
        return "";
    }
}
