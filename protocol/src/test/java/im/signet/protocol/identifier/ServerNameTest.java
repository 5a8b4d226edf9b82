package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import java.util.OptionalInt;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ServerNameTest {
    // The first six are the examples of the Matrix specification, appendices, "Server Name".
    @ParameterizedTest
    @CsvSource({
        "matrix.org,               matrix.org,        ,     false",
        "matrix.org:8888,          matrix.org,        8888, false",
        "1.2.3.4,                  1.2.3.4,           ,     true",
        "1.2.3.4:1234,             1.2.3.4,           1234, true",
        "[1234:5678::abcd],        1234:5678::abcd,   ,     true",
        "[1234:5678::abcd]:5678,   1234:5678::abcd,   5678, true",
        "localhost,                localhost,         ,     false",
        "localhost:8448,           localhost,         8448, false",
        "EXAMPLE.com,              EXAMPLE.com,       ,     false",
        "xn--bcher-kva.example,    xn--bcher-kva.example, , false",
        "1.2.3.4.example,          1.2.3.4.example,   ,     false",
        "0x7f000001.example,       0x7f000001.example,,     false",
        "example.00x:08448,        example.00x,       8448, false",
        "255.255.255.255:65535,    255.255.255.255,   65535, true",
        "[::],                     ::,                ,     true",
        "[::1]:1,                  ::1,               1,    true",
        "[1::],                    1::,               ,     true",
        "[1:2:3:4:5:6:7:8],        1:2:3:4:5:6:7:8,   ,     true",
        "[1:2:3:4:5:6:7::],        1:2:3:4:5:6:7::,   ,     true",
        "[::ffff:192.0.2.1],       ::ffff:192.0.2.1,  ,     true",
        "[1:2:3:4:5:6:192.0.2.1],  1:2:3:4:5:6:192.0.2.1, , true",
        "[FE80::ABCD],             FE80::ABCD,        ,     true"})
    void takesApartWhatItAccepts(String text, String host, @Nullable Integer port, boolean isIpLiteral) {
        ServerName name = ServerName.parse(text).orElseThrow();

        assertThat(name).hasToString(text).isEqualTo(ServerName.of(text));
        assertThat(name.host()).isEqualTo(host);
        assertThat(name.port()).isEqualTo(port == null ? OptionalInt.empty() : OptionalInt.of(port));
        assertThat(name.isIpLiteral()).isEqualTo(isIpLiteral);
    }

    // CVE-2021-29431, -21273, -21392 of Sydent: what a stranger names as a server must not become another request.
    @ParameterizedTest
    @ValueSource(strings = {"user@example.com", "user:password@example.com", "example.com/", "example.com/path",
        "example.com?query", "example.com#fragment", "http://example.com", "//example.com", "example.com\\path",
        "example.com\r\nHost: other", "example.com\n", "\nexample.com", "example.com\r", "exam\0ple.com",
        "example.com\0",
        " example.com", "example.com ", "example.com\t", "exa mple.com", "example.com:8448/", "example.com:8448@other",
        "example%2ecom", "example.com%0d", "[::1]@example.com", "[::1].example.com"})
    void refusesWhatWouldChangeTheRequest(String text) {
        assertThat(ServerName.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "example..com", ".example.com", "example.com.", "-example.com",
        "example-.com",
        "exa_mple.com", "b\u00fccher.example", "\u0665.example", "ex\uff41mple.com", "example\u3002com",
        "\ud800.example",
        "a23456789012345678901234567890123456789012345678901234567890abcd.example"})
    void refusesHostNamesOutsideTheGrammar(String text) {
        assertThat(ServerName.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F000001", "0x", "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.256", "1.2.3.4.5", "1.2.3", "1.2.3.", "00.0.0.0", "127.0.0.0x1", "0x7f.0.0.1", "example.1",
        "example.0xff",
        "999.999.999.999", "1.2.3.4000000000000"})
    void refusesShorthandsThatResolversReadAsIpv4(String text) {
        assertThat(ServerName.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[", "]", "[::1", "::1", "::1]", "[[::1]]", "[:]", "[:::]", "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[::1:2:3:4:5:6:7:8]", "[1::2::3]", "[12345::]", "[g::]",
        "[1:2:3:4:5:6:7:]",
        "[:1:2:3:4:5:6:7]", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[::1/128]", "[::1.2.3]", "[::1.2.3.256]",
        "[1.2.3.4::]", "[1.2.3.4]", "[::1.2.3.4:1]", "[1:2:3:4:5:6:7:1.2.3.4]", "[::01.2.3.4]", "[ ::1]",
        "[example.com]",
        "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]", "[::\u0661]"})
    void refusesWhatIsNoIpv6Address(String text) {
        assertThat(ServerName.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com:", "example.com:0", "example.com:65536", "example.com:99999",
        "example.com:123456",
        "example.com:-1", "example.com:+1", "example.com:8448:", "example.com:84:48", "example.com:0x50",
        "example.com:\u0661",
        ":8448", "[::1]8448", "[::1]:", "[::1]:0", "1.2.3.4:port"})
    void refusesPortsThatAreNone(String text) {
        assertThat(ServerName.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void hasAtMost230Characters() {
        String label = "a".repeat(56) + ".";
        String longest = label.repeat(4) + "ab";

        assertThat(longest).hasSize(230);
        assertThat(ServerName.parse(longest).isOk()).isTrue();
        assertThat(ServerName.parse(longest + "c").isOk()).isFalse();
        assertThat(ServerName.parse("a".repeat(1_000_000)).isOk()).isFalse();
    }

    @Test
    void neverRepeatsWhatItRefuses() {
        assertThat(ServerName.parse("secret!secret"))
                .isEqualTo(Parsed.refused("a host name has only letters, digits, '-' and '.'"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerName("secret!secret"))
                .withMessageNotContaining("secret");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(ServerName.parse("[::1"))
                .isEqualTo(Parsed.refused("the brackets of a server name hold one IPv6 address"));
        assertThat(ServerName.parse("a:")).isEqualTo(
                Parsed.refused("the port of a server name is a number from 1 to 65535 after one ':'"));
        assertThat(ServerName.parse("127.1")).isEqualTo(
                Parsed.refused("a host that ends in a number is an IPv4 address of four numbers from 0 to 255"));
    }

    @Test
    void keepsUpperAndLowerCaseApart() {
        assertThat(ServerName.of("Example.com")).isNotEqualTo(ServerName.of("example.com"));
    }

    @Test
    void readsBackEveryAddressItCouldBeGiven() {
        Random random = new Random(20261121);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder host = new StringBuilder("[");
            for (int group = 0; group < 8; group++) {
                host.append(group == 0 ? "" : ":").append(Integer.toHexString(random.nextInt(0x10000)));
            }
            int port = 1 + random.nextInt(65_535);
            ServerName name = ServerName.of(host.append(']').toString() + ":" + port);

            assertThat("[" + name.host() + "]:" + name.port().getAsInt()).isEqualTo(name.value());
        }
    }
}
