package im.signet.identity.lookup;

import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;

import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class AlgorithmTest {

    // From the specification's own example of a lookup.
    private static final Pepper PEPPER = Pepper.of("matrixrocks");
    private static final String ALICE = "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc";
    private static final LookupHash ALICE_HASH = new LookupHash(ALICE);
    private static final String ALICE_HEX = HexFormat.of().formatHex(ALICE_HASH.toBytes());

    @Test
    void readsTheSpecifiedHash() {
        assertThat(Algorithm.SHA256.read(ALICE, PEPPER)).contains(ALICE_HASH);
    }

    @Test
    void readsTheHexadecimalHashOfElementForIos() {
        assertThat(ALICE_HEX).hasSize(64);
        assertThat(Algorithm.SHA256.read(ALICE_HEX, PEPPER)).contains(ALICE_HASH);
    }

    @Test
    void readsThePlainAddressOfTheSpecification() {
        assertThat(Algorithm.NONE.read("alice@example.com email", PEPPER)).contains(ALICE_HASH);
        assertThat(Algorithm.NONE.read("18005552067 msisdn", PEPPER))
                .contains(new LookupHash("nlo35_T5fzSGZzJApqu8lgIudJvmOQtDaHtr-I4rU7I"));
    }

    @Test
    void comparesThePlainAddressAsSent() {
        assertThat(Algorithm.NONE.read("Alice@example.com email", PEPPER))
                .contains(LookupHash.of(Medium.EMAIL, "Alice@example.com", PEPPER))
                .isNotEqualTo(Algorithm.NONE.read("alice@example.com email", PEPPER));
    }

    @ParameterizedTest
    @MethodSource
    void readsNoHashInAnythingElse(String sent) {
        assertThat(Algorithm.SHA256.read(sent, PEPPER)).isEmpty();
    }

    static Stream<String> readsNoHashInAnythingElse() {
        return Stream.of("", " ", ALICE + "=", ALICE.substring(1), ALICE + "A", " " + ALICE, ALICE + "\n",
                ALICE.substring(0, 42) + "d", ALICE.replace('4', '+'), ALICE_HEX.toUpperCase(Locale.ROOT),
                ALICE_HEX + "0", ALICE_HEX.substring(1), "g" + ALICE_HEX.substring(1), ALICE_HEX + "\n",
                "\uD83D\uDE80".repeat(32), "alice@example.com email");
    }

    @ParameterizedTest
    @MethodSource
    void readsNoAddressInAnythingElse(String sent) {
        assertThat(Algorithm.NONE.read(sent, PEPPER)).isEmpty();
    }

    static Stream<String> readsNoAddressInAnythingElse() {
        return Stream.of("", " ", "email", " email", "alice@example.com", "alice@example.com ",
                "alice@example.com EMAIL", "alice@example.com pigeon", "alice@example.com\temail",
                "alice@example.com email ", ALICE);
    }

    @Test
    void isKnownByItsNameInTheSpecification() {
        assertThat(Algorithm.called("sha256")).contains(Algorithm.SHA256);
        assertThat(Algorithm.called("none")).contains(Algorithm.NONE);
        for (String unknown : new String[]{"SHA256", "sha-256", "", "md5", "im.signet.voprf_p256_sha256.v1"}) {
            assertThat(Algorithm.called(unknown)).isEmpty();
        }
    }
}
