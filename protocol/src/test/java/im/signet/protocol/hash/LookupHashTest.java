package im.signet.protocol.hash;

import im.signet.protocol.Parsed;
import im.signet.protocol.SharedVectors;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.protocol.SharedVectors.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LookupHashTest {
    private static final Pepper PEPPER = Pepper.of("matrixrocks");
    private static final String HASH = "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc";

    // Identity Service API, "sha256", the example.
    @ParameterizedTest
    @CsvSource({"email, alice@example.com, 4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc",
        "email, bob@example.com, LJwSazmv46n0hlMlsb_iYxI0_HXEqy_yj6Jm636cdT8",
        "msisdn, 18005552067, nlo35_T5fzSGZzJApqu8lgIudJvmOQtDaHtr-I4rU7I"})
    void hashesTheExamplesOfTheSpecification(String medium, String address, String hash) {
        Address parsed = Medium.parse(medium).flatMap(m -> Address.parse(m, address)).orElseThrow();

        assertThat(LookupHash.of(parsed, PEPPER).value()).isEqualTo(hash);
        assertThat(LookupHash.of(parsed.medium(), address, PEPPER)).isEqualTo(LookupHash.parse(hash).orElseThrow());
    }

    @Test
    void hashesAllPublishedExamples() {
        JsonObject vectors = ((JsonObject) SharedVectors.read("matrix-signing.json")).object("lookup_sha256")
                .orElseThrow();
        Pepper pepper = Pepper.of(string(vectors, "pepper"));

        assertThat(SharedVectors.objects(vectors, "cases")).hasSize(3)
                .allSatisfy(vector -> assertThat(
                        LookupHash
                                .of(Medium.parse(string(vector, "medium")).orElseThrow(), string(vector, "address"),
                                        pepper)
                                .value())
                        .isEqualTo(string(vector, "hash")));
    }

    @Test
    void hashesTheCanonicalFormOfAnAddressAndTheExactTextOtherwise() {
        assertThat(LookupHash.of(Address.of(Medium.EMAIL, "ALICE@example.com"), PEPPER).value()).isEqualTo(HASH);
        assertThat(LookupHash.of(Medium.EMAIL, "ALICE@example.com", PEPPER).value()).isNotEqualTo(HASH);
    }

    @Test
    void differsByMediumAndPepper() {
        assertThat(LookupHash.of(Medium.MSISDN, "alice@example.com", PEPPER).value()).isNotEqualTo(HASH);
        assertThat(LookupHash.of(Medium.EMAIL, "alice@example.com", Pepper.of("matrixrocks2")).value())
                .isNotEqualTo(HASH);
    }

    @Test
    void readsBackWhateverItMakes() {
        Random random = new Random(20261121);
        for (int i = 0; i < 5_000; i++) {
            LookupHash hash = LookupHash.of(Medium.EMAIL, random.nextLong() + "@example.com", PEPPER);

            assertThat(LookupHash.parse(hash.value())).isEqualTo(Parsed.ok(hash));
            assertThat(hash.toBytes()).hasSize(32);
            assertThat(UnpaddedBase64.encodeUrl(hash.toBytes())).isEqualTo(hash.value());
        }
    }

    @Test
    void hasOneTextForEachHash() {
        // The last of 43 characters has two bits to spare; 'c' is 011100 in base64, so 'd', 'e' and 'f' name the same bytes.
        for (char last = 0; last < 0x100; last++) {
            String text = HASH.substring(0, 42) + last;
            assertThat(LookupHash.parse(text).isOk()).isEqualTo(UnpaddedBase64.decodeUrl(text).isOk());
        }
        assertThat(LookupHash.parse(HASH.substring(0, 42) + "d").isOk()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZU",
        "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc=",
        "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZ/c", "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZ c",
        "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZ\u00e4c", "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZ\0c",
        "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUcA"})
    void refusesWhatIsNoHash(String text) {
        assertThat(LookupHash.parse(text)).isInstanceOf(Parsed.Refused.class);
        assertThatIllegalArgumentException().isThrownBy(() -> new LookupHash(text));
    }

    @Test
    void staysOutOfLogs() {
        assertThat(new LookupHash(HASH)).hasToString("LookupHash[hidden]");
    }
}
