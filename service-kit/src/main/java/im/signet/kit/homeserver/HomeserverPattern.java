package im.signet.kit.homeserver;

import im.signet.kit.outbound.IpLiteral;
import im.signet.protocol.identifier.ServerName;

import java.util.Locale;

/**
 * Homeservers as an operator lists them: one server name, or {@code *.} and a name for all names below it, at whatever
 * depth, but not for that name itself. Either may end in a port.
 */
public final class HomeserverPattern {

    private static final String ALL_BELOW = "*.";

    private final ServerName name;
    private final boolean below;

    private HomeserverPattern(ServerName name, boolean below) {
        this.name = name;
        this.below = below;
    }

    /**
     * Returns the pattern that the text is. Settings are bound by this method.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static HomeserverPattern valueOf(String text) {
        boolean below = text.startsWith(ALL_BELOW);
        ServerName name = ServerName.of(below ? text.substring(ALL_BELOW.length()) : text);
        if (below && name.isIpLiteral()) {
            throw new IllegalArgumentException("there is nothing below an IP address");
        }
        return new HomeserverPattern(name, below);
    }

    /**
     * Returns whether the server has one of these names to the letter, port included: for lists of whom to trust, as
     * another port, or upper case, is another homeserver.
     */
    boolean names(ServerName server) {
        String host = server.host();
        boolean sameHost = below ? host.endsWith("." + name.host()) : host.equals(name.host());
        return sameHost && server.isIpLiteral() == name.isIpLiteral() && server.port().equals(name.port());
    }

    /**
     * Returns whether the server is one of these however its name is spelled, and on every port unless the pattern names
     * one: for lists of whom not to trust, as who runs a host can name a homeserver by each of its ports.
     */
    boolean covers(ServerName server) {
        String host = spelledOneWay(server);
        String own = spelledOneWay(name);
        boolean sameHost = below ? host.endsWith("." + own) : host.equals(own);
        return sameHost && (name.port().isEmpty() || server.port().equals(name.port()));
    }

    private static String spelledOneWay(ServerName server) {
        return IpLiteral.parse(server.host())
                .map(address -> address.getHostAddress())
                .orElseGet(() -> server.host().toLowerCase(Locale.ROOT));
    }

    /** Returns the pattern as it is written. */
    @Override
    public String toString() {
        return below ? ALL_BELOW + name : name.value();
    }
}
