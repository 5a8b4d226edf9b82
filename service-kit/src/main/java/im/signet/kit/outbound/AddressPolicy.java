package im.signet.kit.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import inet.ipaddr.IPAddress;

/**
 * Decides which IP addresses may be connected to: globally reachable unicast, and what the operator allows besides.
 *
 * <p>The ranges are those that IANA's special-purpose registries for
 * <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IPv4</a> and
 * <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IPv6</a> do not call globally reachable. An
 * IPv6 address that carries an IPv4 address (mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP) is permitted
 * only if that one is permitted too, whatever the operator allows. A NAT64 prefix of a network's own cannot be told
 * from any other global address. Immutable.
 */
public final class AddressPolicy {

    private static final List<AddressRange> NOT_GLOBAL_IPV4 = ranges( //
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT
            "127.0.0.0/8", // loopback
            "168.63.129.16", // looks public, but is the host's own agent in a large cloud
            "169.254.0.0/16", // link-local, where clouds keep their metadata services
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarking
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    // Loopback, unique local, link-local, multicast, NAT64 and discard addresses all lie outside of this.
    private static final AddressRange GLOBAL_IPV6 = AddressRange.valueOf("2000::/3");

    private static final List<AddressRange> NOT_GLOBAL_IPV6 = ranges( //
            "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarking
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    private final List<AddressRange> allowed;

    /** Makes a policy that permits global addresses and those in the given ranges. */
    public AddressPolicy(Collection<AddressRange> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** Returns whether a connection to the address may be opened. */
    public boolean permits(InetAddress address) {
        return permits(address.getAddress());
    }

    private boolean permits(byte[] address) {
        if (address.length == 16) {
            if (EmbeddedIpv4.isMapped(address)) {
                return permits(EmbeddedIpv4.last32Bits(address));
            }
            if (!EmbeddedIpv4.in(address).allMatch(this::permits)) {
                return false;
            }
        }
        IPAddress judged = AddressRange.toIpAddress(address);
        return isGlobal(judged) || contains(allowed, judged);
    }

    private static boolean isGlobal(IPAddress address) {
        return address.isIPv4()
                ? !contains(NOT_GLOBAL_IPV4, address)
                : GLOBAL_IPV6.contains(address) && !contains(NOT_GLOBAL_IPV6, address);
    }

    private static boolean contains(List<AddressRange> ranges, IPAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<AddressRange> ranges(String... cidrs) {
        return Stream.of(cidrs).map(AddressRange::valueOf).toList();
    }

    /** The IPv4 addresses that an IPv6 address of a transition mechanism leads to. */
    private static final class EmbeddedIpv4 {

        private static final AddressRange LOOPBACK_AND_UNSPECIFIED = AddressRange.valueOf("::/127");
        private static final List<AddressRange> IN_THE_LAST_32_BITS = ranges( //
                "::/96", // compatible
                "::ffff:0:0:0/96", // translated, RFC 2765
                "64:ff9b::/96", // NAT64, RFC 6052
                "64:ff9b:1::/48"); // NAT64 of local use, RFC 8215, in the usual form
        private static final AddressRange SIX_TO_FOUR = AddressRange.valueOf("2002::/16");
        private static final AddressRange TEREDO = AddressRange.valueOf("2001::/32");

        static boolean isMapped(byte[] address) {
            byte[] prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
            return Arrays.equals(address, 0, 12, prefix, 0, 12);
        }

        static byte[] last32Bits(byte[] address) {
            return Arrays.copyOfRange(address, 12, 16);
        }

        static Stream<byte[]> in(byte[] address) {
            IPAddress ip = AddressRange.toIpAddress(address);
            if (LOOPBACK_AND_UNSPECIFIED.contains(ip)) {
                return Stream.empty();
            }
            if (contains(IN_THE_LAST_32_BITS, ip) || isIsatap(address)) {
                return Stream.of(last32Bits(address));
            }
            if (SIX_TO_FOUR.contains(ip)) {
                return Stream.of(Arrays.copyOfRange(address, 2, 6));
            }
            if (TEREDO.contains(ip)) {
                byte[] client = last32Bits(address);
                for (int i = 0; i < client.length; i++) {
                    client[i] ^= (byte) 0xff;
                }
                return Stream.of(Arrays.copyOfRange(address, 4, 8), client);
            }
            return Stream.empty();
        }

        // RFC 5214: the interface identifier is 0000:5efe or 0200:5efe and the IPv4 address, below any prefix.
        private static boolean isIsatap(byte[] address) {
            return (address[8] & 0xfd) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == (byte) 0xfe;
        }
    }
}
