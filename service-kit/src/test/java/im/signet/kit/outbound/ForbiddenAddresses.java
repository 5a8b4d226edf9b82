package im.signet.kit.outbound;

import java.util.List;
import java.util.stream.Stream;

/** Addresses that no stranger may lead us to, and the forms in which strangers write them. */
public final class ForbiddenAddresses {

    private static final List<String> IPV4 = List.of("0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1",
            "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.1.2.3",
            "127.255.255.255", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.255.255", "172.16.0.0",
            "172.17.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.0",
            "192.168.1.1", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255", "240.0.0.0", "255.255.255.254", "255.255.255.255");

    private static final List<String> IPV6 = List.of("::", "::1", "::2", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1",
            "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
            "64:ff9b::a00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "64:ff9b:1:ffff::10.0.0.1", "100::", "100::1",
            "100:0:0:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
            "2001:db8::1", "2001:db8:ffff::", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "3fff::1",
            "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254",
            "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::1", "febf::1", "fec0::1", "ff00::1", "ff02::1", "ff0e::1",
            "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "FE80::1", "2606:4700::5efe:127.0.0.1",
            "2606:4700::200:5efe:192.168.0.1");

    // Other resolvers read these as addresses; here they are nothing at all.
    private static final List<String> OTHER_FORMS = List.of("127.1", "127.0.1", "2130706433", "0x7f000001",
            "0x7f.0.0.1",
            "0x7f.1", "0X7F.1", "0177.0.0.1", "017700000001", "127.0.0.01", "127.0.0.1.", "0", "0x0", "1", "10.1",
            "192.168.257", "127.0.0.256", "3232235777", "0xa9fea9fe", "169.254.43518", "127.0.0.0x1");

    private ForbiddenAddresses() {}

    /** Returns addresses, IPv6 without brackets. */
    public static Stream<String> all() {
        return Stream.of(IPV4, IPV6).flatMap(List::stream);
    }

    /** Returns hosts as they stand in a URL, IPv6 in brackets, with the odd forms. */
    public static Stream<String> asHosts() {
        return Stream.of(IPV4.stream(), IPV6.stream().map(ip -> "[" + ip + "]"), OTHER_FORMS.stream())
                .flatMap(hosts -> hosts);
    }

    static Stream<String> otherForms() {
        return OTHER_FORMS.stream();
    }
}
