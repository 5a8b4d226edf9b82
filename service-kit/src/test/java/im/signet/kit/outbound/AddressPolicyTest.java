package im.signet.kit.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AddressPolicyTest {

    private final AddressPolicy policy = policy();

    @ParameterizedTest
    @MethodSource("im.signet.kit.outbound.ForbiddenAddresses#all")
    void refusesWhatIsNotGloballyReachable(String address) {
        assertThat(policy.permits(ip(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255",
        "100.128.0.0", "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255",
        "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:200::1", "2001:db7::1",
        "2001:db9::1", "2003::1", "2400:cb00::1", "3ffe:ffff::1", "2606:4700::5efe:9.9.9.9", "2606:4700::1:5efe:a00:1"})
    void permitsWhatIsGloballyReachable(String address) {
        assertThat(policy.permits(ip(address))).isTrue();
    }

    @Test
    void judgesMappedAddressesThatJavaKeepsAsIpv6() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 0, 0, 1};
        InetAddress kept = Inet6Address.getByAddress(null, mapped, 3);
        assertThat(kept).isInstanceOf(Inet6Address.class);
        assertThat(policy.permits(kept)).isFalse();
        assertThat(policy("10.0.0.0/8").permits(kept)).isTrue();
    }

    @Test
    void permitsWhatTheOperatorAllowsAndNoMore() {
        AddressPolicy allowing = policy("10.1.0.0/16", "127.0.0.1", "fd12:3456::/32", "::1");
        assertThat(Stream.of("10.1.0.0", "10.1.255.255", "127.0.0.1", "fd12:3456::7", "::1", "8.8.8.8"))
                .allMatch(address -> allowing.permits(ip(address)));
        assertThat(Stream.of("10.0.255.255", "10.2.0.0", "127.0.0.2", "fd12:3457::7", "::", "::2", "169.254.169.254"))
                .noneMatch(address -> allowing.permits(ip(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "2002:a00:1::1", "2001:0:808:808::f5ff:fffe",
        "2001:0:a00:1::f7f7:f7f7", "::10.0.0.1", "::ffff:0:10.0.0.1", "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:10.0.0.1"})
    void judgesTheEmbeddedAddressEvenWhereTheOuterOneIsAllowed(String address) {
        assertThat(policy("::/0").permits(ip(address))).isFalse();
        assertThat(policy("::/0", "10.0.0.0/8").permits(ip(address))).isTrue();
        assertThat(policy("10.0.0.0/8").permits(ip(address))).isEqualTo(address.startsWith("2606:"));
    }

    @Test
    void permitsNat64WhereTheOperatorAllowsIt() {
        AddressPolicy nat64 = policy("64:ff9b::/96");
        assertThat(nat64.permits(ip("64:ff9b::8.8.8.8"))).isTrue();
        assertThat(nat64.permits(ip("64:ff9b::127.0.0.1"))).isFalse();
    }

    private static AddressPolicy policy(String... allowed) {
        return new AddressPolicy(List.of(allowed).stream().map(AddressRange::valueOf).toList());
    }

    private static InetAddress ip(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }
}
