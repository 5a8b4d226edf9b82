package im.signet.kit.web;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Where a request came from, as finely as limits tell clients apart: an IPv4 address, or the /64 that an IPv6 address lies
 * in, of which one client has as many as it likes. Controllers take it as an argument; nobody else asks for a peer's
 * address.
 */
public final class ClientAddress {

    private static final int IPV6_BLOCK_BYTES = 64 / 8;

    private final byte[] block;

    private ClientAddress(byte[] block) {
        this.block = block;
    }

    /** Returns where a request from that address came from. */
    public static ClientAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new ClientAddress(Arrays.copyOf(bytes, Math.min(bytes.length, IPV6_BLOCK_BYTES)));
    }

    /** Returns where requests came from whose peer has no IP address: all of them are one client. */
    static ClientAddress unknown() {
        return new ClientAddress(new byte[0]);
    }

    /** Returns the block: 4 bytes for IPv4, the first 8 for IPv6, none where the peer has no IP address. */
    public byte[] block() {
        return block.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientAddress that && Arrays.equals(block, that.block);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(block);
    }

    /** Hides the address. */
    @Override
    public String toString() {
        return "ClientAddress[hidden]";
    }
}
