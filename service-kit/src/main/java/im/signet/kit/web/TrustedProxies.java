package im.signet.kit.web;

import im.signet.kit.outbound.AddressRange;
import im.signet.kit.outbound.IpLiteral;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reverse proxies that are believed when they say whom a request came from. Each hop of {@code X-Forwarded-For} was
 * written by the one after it, so the list is walked from its end for as long as the writer is one of them; what a client
 * wrote itself stands before that and is never reached. Safe to use from many threads.
 */
final class TrustedProxies {

    private static final Logger log = LoggerFactory.getLogger(TrustedProxies.class);
    private static final int MAX_HOPS = 32;
    private static final int MAX_HOP_LENGTH = 64;
    private static final Pattern IN_BRACKETS = Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?");
    private static final Pattern IPV4_AND_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");

    private final List<AddressRange> proxies;
    private final AtomicBoolean warned = new AtomicBoolean();

    TrustedProxies(List<AddressRange> proxies) {
        this.proxies = List.copyOf(proxies);
    }

    /**
     * Returns the client of a request. A hop that is no address ends the walk: the last one that was good counts.
     *
     * @param peer         the address that the connection came from, as text
     * @param forwardedFor the values of the headers {@code X-Forwarded-For}, in their order
     */
    ClientAddress clientOf(@Nullable String peer, List<String> forwardedFor) {
        Optional<InetAddress> connected = peer == null ? Optional.empty() : IpLiteral.parse(withoutZone(peer));
        if (connected.isEmpty()) {
            return ClientAddress.unknown();
        }
        InetAddress last = connected.get();
        if (forwardedFor.isEmpty() || !trusts(last)) {
            warnOfAProxyThatIsNotTrusted(last, forwardedFor);
            return ClientAddress.of(last);
        }
        String hops = String.join(",", forwardedFor);
        int end = hops.length();
        for (int hop = 0; hop < MAX_HOPS && end >= 0 && trusts(last); hop++) {
            int comma = hops.lastIndexOf(',', end - 1);
            Optional<InetAddress> before = read(hops.substring(comma + 1, end));
            if (before.isEmpty()) {
                break;
            }
            last = before.get();
            end = comma;
        }
        return ClientAddress.of(last);
    }

    /** Returns whether a connection from that address, as text, is one of a proxy. */
    boolean trusts(@Nullable String peer) {
        return peer != null && IpLiteral.parse(withoutZone(peer)).filter(this::trusts).isPresent();
    }

    private boolean trusts(InetAddress address) {
        return proxies.stream().anyMatch(range -> range.contains(address));
    }

    private static Optional<InetAddress> read(String hop) {
        if (hop.length() > MAX_HOP_LENGTH) {
            return Optional.empty();
        }
        String text = hop.strip();
        for (Pattern form : List.of(IN_BRACKETS, IPV4_AND_PORT)) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                return IpLiteral.parse(matcher.group(1));
            }
        }
        return IpLiteral.parse(text);
    }

    // Of a link-local peer, the network interface that it was heard on.
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    // Behind a proxy that is not named, all of its users share the limits of one.
    private void warnOfAProxyThatIsNotTrusted(InetAddress peer, List<String> forwardedFor) {
        if (!forwardedFor.isEmpty() && (peer.isLoopbackAddress() || peer.isSiteLocalAddress())
                && warned.compareAndSet(false, true)) {
            log.warn(
                    "A request with X-Forwarded-For came from a private address that signet.trusted-proxies does not name. "
                            + "If that is your reverse proxy, name it there: until then all of its users are one client to the limits.");
        }
    }
}
