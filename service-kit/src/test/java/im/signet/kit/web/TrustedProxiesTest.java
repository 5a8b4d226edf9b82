package im.signet.kit.web;

import im.signet.kit.outbound.AddressRange;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TrustedProxiesTest {

    private final TrustedProxies proxies = new TrustedProxies(
            Stream.of("127.0.0.1", "10.0.0.0/8", "fd00::/8").map(AddressRange::valueOf).toList());

    private static ClientAddress of(String address) {
        return ClientAddress.of(InetAddress.ofLiteral(address));
    }

    private ClientAddress through(String peer, String... forwardedFor) {
        return proxies.clientOf(peer, List.of(forwardedFor));
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9", "2001:db8::9", "192.168.0.1", "::1"})
    void believesNobodyElse(String peer) {
        assertThat(through(peer, "198.51.100.1")).isEqualTo(of(peer));
        assertThat(new TrustedProxies(List.of()).clientOf("127.0.0.1", List.of("198.51.100.1")))
                .isEqualTo(of("127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"198.51.100.1", "203.0.113.7, 198.51.100.1",
        "203.0.113.7,198.51.100.1 , 10.1.2.3",
        "198.51.100.1, fd00::1,10.0.0.1", "10.0.0.7, 198.51.100.1", "nonsense, 198.51.100.1", ",198.51.100.1",
        "127.0.0.1, 198.51.100.1, 127.0.0.1"})
    void takesTheLastHopThatIsNoProxy(String forwardedFor) {
        assertThat(through("127.0.0.1", forwardedFor)).isEqualTo(of("198.51.100.1"));
    }

    @Test
    void readsSeveralHeadersAsOneList() {
        assertThat(through("127.0.0.1", "203.0.113.7", "198.51.100.1", "10.0.0.1, 10.0.0.2"))
                .isEqualTo(of("198.51.100.1"));
    }

    @Test
    void takesTheFirstHopWhereAllAreProxies() {
        assertThat(through("127.0.0.1", "10.0.0.9, 10.0.0.1")).isEqualTo(of("10.0.0.9"));
        assertThat(through("127.0.0.1")).isEqualTo(of("127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"198.51.100.1:4711|198.51.100.1", "[198.51.100.1]|198.51.100.1",
        "2001:db8::1|2001:db8::1", "[2001:db8::1]|2001:db8::1", "[2001:db8::1]:443|2001:db8::1",
        "::ffff:198.51.100.1|198.51.100.1", "[::ffff:198.51.100.1]:1|198.51.100.1"})
    void toleratesPortsAndBrackets(String hop, String client) {
        assertThat(through("127.0.0.1", hop)).isEqualTo(of(client));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "", " ", "198.51.100", "198.51.100.256", "0x7f.0.0.1", "[2001:db8::1",
        "2001:db8::1]",
        "198.51.100.1:", "198.51.100.1:123456", "1:2:3", "fe80::1%eth0", "198.51.100.1 198.51.100.2", "localhost",
        "2130706433",
        "198.51.100.1;"})
    void endsTheWalkAtWhatIsNoAddress(String hop) {
        assertThat(through("127.0.0.1", "203.0.113.7, " + hop + ", 10.0.0.5")).isEqualTo(of("10.0.0.5"));
    }

    @Test
    void isNotKeptBusy() {
        assertThat(through("127.0.0.1", "203.0.113.7, " + "10.0.0.1,".repeat(100) + "10.0.0.1"))
                .isEqualTo(of("10.0.0.1"));
        assertThat(through("127.0.0.1", " ".repeat(8000) + "203.0.113.7")).isEqualTo(of("127.0.0.1"));
        assertThat(through("127.0.0.1", ",".repeat(8000))).isEqualTo(of("127.0.0.1"));
    }

    @Test
    void tellsIpv6ClientsApartByTheir64() {
        assertThat(through("2001:db8:0:1::1")).isEqualTo(through("2001:db8:0:1:ffff:ffff:ffff:ffff"))
                .isNotEqualTo(through("2001:db8:0:2::1"))
                .hasSameHashCodeAs(through("2001:db8:0:1::2"));
        assertThat(through("198.51.100.1")).isNotEqualTo(through("198.51.100.2"))
                .isEqualTo(through("::ffff:198.51.100.1"));
    }

    @Test
    void knowsAPeerWithAZone() {
        assertThat(through("fe80:0:0:0:0:0:0:1%eth0")).isEqualTo(of("fe80::"));
    }

    @Test
    void takesAllPeersWithoutAnAddressForOne() {
        assertThat(proxies.clientOf(null, List.of("198.51.100.1"))).isEqualTo(through("", "198.51.100.2"))
                .isNotEqualTo(of("0.0.0.0"));
    }

    @Test
    void showsNoAddress() {
        assertThat(of("198.51.100.1")).hasToString("ClientAddress[hidden]");
    }
}
