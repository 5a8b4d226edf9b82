package im.signet.kit.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads IP addresses in their one strict form each: no {@code 127.1}, no octal, hexadecimal or decimal IPv4, no zones.
 * What other resolvers read as an address in a form of its own is then no address and no name either.
 */
public final class IpLiteral {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    // WHATWG URL, "ends in a number": such a host is an IPv4 address in some form or it is nothing.
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

    private IpLiteral() {}

    /**
     * Returns the address, empty when the text is not one. An IPv6 address stands without brackets; one that carries an
     * IPv4 address ({@code ::ffff:192.0.2.1}) is that IPv4 address.
     */
    public static Optional<InetAddress> parse(String text) {
        if (IPV4.matcher(text).matches()) {
            return Optional.of(InetAddress.ofLiteral(text));
        }
        if (text.indexOf(':') >= 0 && IPV6_CHARACTERS.matcher(text).matches()) {
            try {
                return Optional.of(Inet6Address.ofLiteral(text));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the address when the host is one, empty when it is a name that DNS may be asked for.
     *
     * @throws UnknownHostException when it is neither, such as {@code 0x7f.1}
     */
    static Optional<InetAddress> ofHost(String host) throws UnknownHostException {
        Optional<InetAddress> address = parse(host);
        if (address.isEmpty() && (host.indexOf(':') >= 0 || ENDS_IN_NUMBER.matcher(host).matches())) {
            throw new UnknownHostException("neither a name nor an IP address");
        }
        return address;
    }
}
