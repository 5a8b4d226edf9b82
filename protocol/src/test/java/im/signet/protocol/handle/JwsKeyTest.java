package im.signet.protocol.handle;

import im.signet.protocol.SharedVectors;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static im.signet.protocol.SharedVectors.objects;
import static im.signet.protocol.SharedVectors.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JwsKeyTest {
    static final List<String> SMALL_ORDER = SignatureVectors.SMALL_ORDER;

    // RFC 8037, appendix A.3.
    @Test
    void hasTheThumbprintOfTheExample() {
        JwsKey key = JwsKey.parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").orElseThrow();

        assertThat(key.thumbprint()).hasToString("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key.toJwk().string("kid")).contains("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key.toJwk().string("x")).contains(key.x());
        assertThat(JwsKey.ofBytes(key.toBytes()).orElseThrow()).isEqualTo(key);
    }

    @Test
    void decidesAllOfWycheproof() {
        JsonObject vectors = (JsonObject) SharedVectors.read("wycheproof-ed25519.json");
        List<String> wrong = new ArrayList<>();
        int tests = 0;
        for (JsonObject group : objects(vectors, "testGroups")) {
            byte[] key = hex(string(group.object("publicKey").orElseThrow(), "pk"));
            for (JsonObject test : objects(group, "tests")) {
                tests++;
                byte[] message = hex(string(test, "msg"));
                byte[] signature = hex(string(test, "sig"));
                boolean valid = verifies(key, message, signature);
                if (valid != string(test, "result").equals("valid")
                        || valid != NaiveEd25519.verifies(key, message, signature)) {
                    wrong.add(string(test, "comment"));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tests).isEqualTo(vectors.integer("numberOfTests").orElseThrow().intValue());
    }

    // The only one of C2SP's cases without a flaw: on the others implementations differ.
    @Test
    void acceptsExactlyOneOfCctv() {
        List<Json> vectors = ((JsonArray) SharedVectors.read("cctv-ed25519.json")).items();
        List<Long> accepted = new ArrayList<>();
        for (JsonObject test : vectors.stream().map(JsonObject.class::cast).toList()) {
            byte[] key = hex(string(test, "key"));
            byte[] message = string(test, "msg").getBytes(StandardCharsets.UTF_8);
            byte[] signature = hex(string(test, "sig"));
            boolean valid = verifies(key, message, signature);
            if (valid) {
                accepted.add(test.integer("number").orElseThrow());
            }
            assertThat(NaiveEd25519.verifies(key, message, signature)).isEqualTo(valid);
        }
        assertThat(vectors).hasSize(914);
        assertThat(accepted).containsExactly(305L);
    }

    @ParameterizedTest
    @FieldSource("SMALL_ORDER")
    void isNoPointOfSmallOrder(String point) {
        assertThat(JwsKey.ofBytes(hex(point)).reason()).contains(Reason.WEAK_KEY);
        assertThat(NaiveEd25519.isStrong(hex(point))).isFalse();
    }

    @Test
    void isNoPointWithAComponentOfSmallOrder() {
        NaiveEd25519.Point eighth = NaiveEd25519.decode(hex(SMALL_ORDER.get(4))).orElseThrow();
        NaiveEd25519.Point strong = NaiveEd25519.B.times(BigInteger.valueOf(20261121));
        NaiveEd25519.Point sum = strong;
        assertThat(JwsKey.ofBytes(strong.encoded()).isValid()).isTrue();
        for (int i = 1; i < 8; i++) {
            sum = sum.plus(eighth);
            assertThat(JwsKey.ofBytes(sum.encoded()).reason()).contains(Reason.WEAK_KEY);
        }
        assertThat(JwsKey.ofBytes(sum.plus(eighth).encoded())).isEqualTo(JwsKey.ofBytes(strong.encoded()));
    }

    @Test
    void decidesAsTheFormulasDoOnRandomBytes() {
        Random random = new Random(20261121);
        int points = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            boolean valid = JwsKey.ofBytes(bytes).isValid();
            points += valid ? 1 : 0;
            assertThat(valid).isEqualTo(NaiveEd25519.isStrong(bytes));
        }
        // One in two is a point, one in eight of these in the subgroup.
        assertThat(points).isBetween(60, 200);
    }

    @Test
    void verifiesNothingOfAnotherLength() {
        JwsSigner signer = Forge.key("phone");
        byte[] signature = signer.sign(new byte[3]);
        assertThat(signer.key().verifies(new byte[3], signature)).isTrue();
        for (int length : new int[]{0, 1, 32, 63, 65, 128}) {
            assertThat(signer.key().verifies(new byte[3], Arrays.copyOf(signature, length))).isFalse();
        }
        for (int bit = 0; bit < 512; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(signer.key().verifies(new byte[3], changed)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void hidesAndWipesItsSecret() {
        JwsSigner signer = JwsSigner.generate(new SecureRandom());
        byte[] seed = signer.seed();

        assertThat(signer.toString()).contains(signer.key().x()).endsWith("hidden]");
        assertThat(JwsSigner.fromSeed(seed).key()).isEqualTo(signer.key());
        signer.wipe();
        assertThatIllegalStateException().isThrownBy(signer::seed);
        assertThatIllegalStateException().isThrownBy(() -> signer.sign(new byte[1]));
    }

    private static boolean verifies(byte[] key, byte[] message, byte[] signature) {
        return JwsKey.ofBytes(key).toOptional().filter(valid -> valid.verifies(message, signature)).isPresent();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
