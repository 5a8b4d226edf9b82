package im.signet.protocol.signature;

import im.signet.protocol.Parsed;
import im.signet.protocol.SharedVectors;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.protocol.SharedVectors.objects;
import static im.signet.protocol.SharedVectors.string;
import static org.assertj.core.api.Assertions.assertThat;

class VerifyKeyTest {
    private static final String KEY = "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI";
    private static final Set<Json> ODD = Set.copyOf(
            JsonArray.ofStrings(List.of("low_order_A", "non_canonical_A", "non_canonical_R", "reencoded_k")).items());

    // RFC 8032 section 7.1, TEST 2.
    private final VerifyKey rfcKey = VerifyKey
            .ofBytes(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
            .orElseThrow();
    private final byte[] rfcSignature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

    @Test
    void verifiesTheExampleOfRfc8032() {
        assertThat(rfcKey.verifies(hex("72"), rfcSignature)).isTrue();
        assertThat(rfcKey.verifies(hex("73"), rfcSignature)).isFalse();
        assertThat(rfcKey.verifies(new byte[0], rfcSignature)).isFalse();
    }

    @Test
    void verifiesNothingWhenOneBitIsChanged() {
        for (int bit = 0; bit < 512; bit++) {
            byte[] changed = rfcSignature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(rfcKey.verifies(hex("72"), changed)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void refusesAnSBeyondTheGroupOrder() {
        // S + L is the same scalar: accepted, each signature would have a twin. L as in RFC 8032 section 5.1.
        byte[] order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        byte[] twin = rfcSignature.clone();
        int carry = 0;
        for (int i = 0; i < 32; i++) {
            int sum = (twin[32 + i] & 0xFF) + (order[i] & 0xFF) + carry;
            twin[32 + i] = (byte) sum;
            carry = sum >> 8;
        }
        assertThat(rfcKey.verifies(hex("72"), twin)).isFalse();
    }

    @Test
    void verifiesNothingOfAnotherLength() {
        for (int length : new int[]{0, 1, 32, 63, 65, 128}) {
            assertThat(rfcKey.verifies(hex("72"), Arrays.copyOf(rfcSignature, length))).isFalse();
        }
    }

    @Test
    void agreesWithAllOfWycheproof() {
        JsonObject vectors = (JsonObject) SharedVectors.read("wycheproof-ed25519.json");
        List<String> wrong = new ArrayList<>();
        int tests = 0;
        for (JsonObject group : objects(vectors, "testGroups")) {
            VerifyKey key = VerifyKey.ofBytes(hex(string(group.object("publicKey").orElseThrow(), "pk"))).orElseThrow();
            for (JsonObject test : objects(group, "tests")) {
                tests++;
                boolean valid = key.verifies(hex(string(test, "msg")), hex(string(test, "sig")));
                if (valid != string(test, "result").equals("valid")) {
                    wrong.add(string(test, "comment"));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tests).isEqualTo(vectors.integer("numberOfTests").orElseThrow().intValue());
    }

    // C2SP's vectors are cases on which implementations differ. A key of low order would verify nearly everything.
    @Test
    void refusesKeysOfLowOrderAndPointsWrittenOddly() {
        List<Json> vectors = ((JsonArray) SharedVectors.read("cctv-ed25519.json")).items();
        for (JsonObject test : vectors.stream().map(JsonObject.class::cast).toList()) {
            VerifyKey key = VerifyKey.ofBytes(hex(string(test, "key"))).orElseThrow();
            boolean valid = key.verifies(string(test, "msg").getBytes(StandardCharsets.UTF_8),
                    hex(string(test, "sig")));
            List<Json> flags = test.array("flags").map(JsonArray::items).orElse(List.of());

            assertThat(!valid || flags.stream().noneMatch(ODD::contains)).as("number %s", test.integer("number"))
                    .isTrue();
            assertThat(valid || !flags.isEmpty()).as("number %s", test.integer("number")).isTrue();
        }
        assertThat(vectors).hasSize(914);
    }

    @Test
    void readsEitherAlphabetAndWritesTheStandardOne() {
        VerifyKey key = VerifyKey.parse(KEY).orElseThrow();

        assertThat(key.encoded()).isEqualTo(KEY);
        assertThat(VerifyKey.parse(KEY + "=")).isEqualTo(Parsed.ok(key));
        assertThat(VerifyKey.parse(UnpaddedBase64.encodeUrl(key.toBytes()))).isEqualTo(Parsed.ok(key));
        assertThat(key).hasSameHashCodeAs(VerifyKey.parse(KEY).orElseThrow())
                .hasToString("VerifyKey[" + KEY + "]")
                .isNotEqualTo(rfcKey);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJN",
        "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNIA",
        "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNJ", "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJN!", " "})
    void refusesWhatIsNotOf32Bytes(String text) {
        assertThat(VerifyKey.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void doesNotChangeWithTheArrayItWasMadeOf() {
        byte[] bytes = rfcKey.toBytes();
        VerifyKey key = VerifyKey.ofBytes(bytes).orElseThrow();
        bytes[0] ^= 1;
        key.toBytes()[1] ^= 1;

        assertThat(key).isEqualTo(rfcKey);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
