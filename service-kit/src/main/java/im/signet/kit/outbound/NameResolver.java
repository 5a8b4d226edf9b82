package im.signet.kit.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;

/** What DNS is asked for. Tests script it; answers are not trusted. */
public interface NameResolver {

    /**
     * Returns the addresses of a host in the order in which they are tried, never an empty list.
     *
     * @throws UnknownHostException when there are none, or DNS does not answer
     */
    List<InetAddress> addresses(String host) throws UnknownHostException;

    /**
     * Returns the SRV records of a service name such as {@code _matrix-fed._tcp.example.org}, in no order, as DNS gives
     * them; empty when there are none.
     *
     * @throws UnknownHostException when DNS does not answer
     */
    List<ServiceRecord> services(String name) throws UnknownHostException;

    /** Returns the resolver that asks the name servers of this machine, after its hosts file. */
    static NameResolver system(Clock clock) {
        return new DnsNameResolver(clock);
    }

    /**
     * An SRV record (RFC 2782).
     *
     * @param priority lower ones are tried first
     * @param weight   share of the traffic among records of one priority
     * @param port     port to connect to
     * @param target   host to connect to, without the final dot; {@code ""} says that the service does not exist
     */
    record ServiceRecord(int priority, int weight, int port, String target) {}
}
