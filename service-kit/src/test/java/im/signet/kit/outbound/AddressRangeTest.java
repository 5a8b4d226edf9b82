package im.signet.kit.outbound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AddressRangeTest {

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "127.0.0.1/32", "0.0.0.0/0", "fd00::/8", "::/0", "::1/128"})
    void readsBlocks(String text) {
        assertThat(AddressRange.valueOf(text)).hasToString(text);
    }

    @Test
    void readsOneAddressAsItself() {
        AddressRange range = AddressRange.valueOf("192.168.1.7");
        assertThat(contains(range, "192.168.1.7")).isTrue();
        assertThat(contains(range, "192.168.1.8")).isFalse();
    }

    @Test
    void saysWhichBlockWasMeantWhenBitsAreSetBeyondThePrefix() {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.valueOf("10.1.2.3/8"))
                .withMessageContaining("10.0.0.0/8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/8", "*", "10", "10.*", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08",
        "10.0.0.0/255.0.0.0", "10.0.0.0/8/8", "10.0.0.0 /8", " 10.0.0.0/8", "10.0.0.0-10.0.0.255", "localhost",
        "example.org/24", "::1/129", "fe80::1%eth0", "[::1]", "127.1", "0x7f.0.0.1/32", "010.0.0.0/8",
        "::ffff:10.0.0.0/104"})
    void refusesEverythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.valueOf(text));
    }

    private static boolean contains(AddressRange range, String address) {
        return range.contains(AddressRange.toIpAddress(IpLiteral.parse(address).orElseThrow().getAddress()));
    }
}
