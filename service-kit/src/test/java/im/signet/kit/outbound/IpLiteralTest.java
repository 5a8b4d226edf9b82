package im.signet.kit.outbound;

import java.net.UnknownHostException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class IpLiteralTest {

    @ParameterizedTest
    @MethodSource("im.signet.kit.outbound.ForbiddenAddresses#otherForms")
    @ValueSource(strings = {":", "::1%eth0", "::1%1", "1:2", "1::2::3", "::ffff:1.2.3", "12345::"})
    void takesOddFormsForNeitherAddressNorName(String host) {
        assertThat(IpLiteral.parse(host)).isEmpty();
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> IpLiteral.ofHost(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "localhost", "0x.example", "1.example", "127.0.0.1.example", "a1",
        "xn--a.b"})
    void leavesNamesToDns(String host) throws UnknownHostException {
        assertThat(IpLiteral.ofHost(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "8.8.8.8", "::", "::1", "2001:DB8::A", "::ffff:1.2.3.4"})
    void readsAddresses(String host) throws UnknownHostException {
        assertThat(IpLiteral.ofHost(host)).isPresent();
    }
}
