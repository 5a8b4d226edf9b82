package im.signet.kit.outbound;

import java.net.InetAddress;
import java.util.Optional;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;

/** A range of IP addresses in CIDR form, such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address. */
public final class AddressRange {

    private final IPAddress block;

    private AddressRange(IPAddress block) {
        this.block = block;
    }

    /**
     * Returns the range that the text names. Settings are bound by this method.
     *
     * @throws IllegalArgumentException when the text is not one address or one block, or when its address has bits set
     *             beyond the prefix, which is more often a slip than meant
     */
    public static AddressRange valueOf(String text) {
        int slash = text.indexOf('/');
        InetAddress address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException(
                        "not an IP address or a CIDR block such as 10.0.0.0/8 or fd00::/8"));
        int width = address.getAddress().length * 8;
        int prefix = slash < 0 ? width : prefixLength(text.substring(slash + 1), width);
        IPAddress first = toIpAddress(address.getAddress());
        IPAddress block = first.toPrefixBlock(prefix);
        if (!block.getLower().withoutPrefixLength().equals(first)) {
            throw new IllegalArgumentException("the address has bits set beyond its prefix; " + block
                    + " would be the block that holds it");
        }
        return new AddressRange(block);
    }

    private static int prefixLength(String text, int width) {
        return Optional.of(text)
                .filter(digits -> digits.matches("0|[1-9][0-9]{0,2}"))
                .map(Integer::parseInt)
                .filter(length -> length <= width)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the prefix length of that address is a number from 0 to " + width));
    }

    static IPAddress toIpAddress(byte[] address) {
        return new IPAddressGenerator().from(address);
    }

    /** Returns whether the address lies in the range. */
    public boolean contains(InetAddress address) {
        return contains(toIpAddress(address.getAddress()));
    }

    boolean contains(IPAddress address) {
        return block.contains(address);
    }

    /** Returns the range in CIDR form. */
    @Override
    public String toString() {
        return block.toString();
    }
}
