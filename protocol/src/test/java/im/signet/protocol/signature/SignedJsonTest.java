package im.signet.protocol.signature;

import im.signet.protocol.SharedVectors;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.SignedJson.Check;

import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.protocol.SharedVectors.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SignedJsonTest {
    private static final ServerName DOMAIN = ServerName.of("domain");
    private static final KeyId ID = KeyId.of("ed25519:1");
    // Matrix specification, appendices, "Cryptographic Test Vectors". Its last character has bits to spare, which only the
    // JDK's decoder overlooks.
    private static final SigningKey KEY = SigningKey.fromSeed(ID,
            Base64.getDecoder().decode("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{} | K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ",
        "{\"one\": 1, \"two\": \"Two\"} | KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"})
    void signsTheExamplesOfTheSpecification(String text, String signature) {
        JsonObject signed = SignedJson.sign(object(text), DOMAIN, KEY);

        assertThat(signature(signed, "domain", "ed25519:1")).isEqualTo(signature);
        assertThat(SignedJson.verify(signed, DOMAIN, ID, KEY.verifyKey())).isEqualTo(Check.VALID);
        assertThat(signed.without("signatures")).isEqualTo(object(text));
    }

    @Test
    void signsAllPublishedExamples() {
        JsonObject vectors = ((JsonObject) SharedVectors.read("matrix-signing.json")).object("signing").orElseThrow();
        ServerName server = ServerName.of(string(vectors, "server_name"));
        SigningKey key = SigningKey.fromSeed(KeyId.of(string(vectors, "key_id")),
                Base64.getDecoder().decode(string(vectors, "seed")));

        assertThat(SharedVectors.objects(vectors, "cases")).hasSize(2)
                .allSatisfy(vector -> assertThat(
                        signature(SignedJson.sign(vector.object("object").orElseThrow(), server, key), server.value(),
                                key.id().toString()))
                        .isEqualTo(string(vector, "signature")));
    }

    @Test
    void keepsUnsignedAndOtherSignatures() {
        JsonObject object = object(
                """
                {"a":1,"unsigned":{"age":3},"signatures":{"other":{"ed25519:x":"b3RoZXI"},"domain":{"ed25519:0":"b2xk"}}}""");
        JsonObject signed = SignedJson.sign(object, DOMAIN, KEY);

        assertThat(signed.object("unsigned")).contains(object("{\"age\":3}"));
        assertThat(signature(signed, "other", "ed25519:x")).isEqualTo("b3RoZXI");
        assertThat(signature(signed, "domain", "ed25519:0")).isEqualTo("b2xk");
        assertThat(SignedJson.verify(signed, DOMAIN, ID, KEY.verifyKey())).isEqualTo(Check.VALID);
    }

    @Test
    void doesNotSignUnsignedNorSignatures() {
        JsonObject signed = SignedJson.sign(object("{\"a\":1}"), DOMAIN, KEY);
        JsonObject more = SignedJson.sign(signed.with("unsigned", object("{\"age\":0.5}")), ServerName.of("second"),
                KEY);

        assertThat(SignedJson.verify(more, DOMAIN, ID, KEY.verifyKey())).isEqualTo(Check.VALID);
        assertThat(SignedJson.verify(more, ServerName.of("second"), ID, KEY.verifyKey())).isEqualTo(Check.VALID);
    }

    @Test
    void noticesEveryChange() {
        JsonObject signed = SignedJson.sign(object("{\"mxid\":\"@alice:example.com\",\"ts\":1}"), DOMAIN, KEY);

        assertThat(check(signed.with("mxid", "@bob:example.com"))).isEqualTo(Check.INVALID);
        assertThat(check(signed.with("ts", "1"))).isEqualTo(Check.INVALID);
        assertThat(check(signed.with("more", ""))).isEqualTo(Check.INVALID);
        assertThat(check(signed.without("ts"))).isEqualTo(Check.INVALID);
        assertThat(SignedJson.verify(signed, DOMAIN, ID, SigningKey.fromSeed(ID, new byte[32]).verifyKey()))
                .isEqualTo(Check.INVALID);
    }

    @Test
    void missesSignaturesOfOthersAndOfOtherKeys() {
        JsonObject signed = SignedJson.sign(object("{}"), DOMAIN, KEY);

        assertThat(check(object("{}"))).isEqualTo(Check.MISSING);
        assertThat(SignedJson.verify(signed, ServerName.of("other"), ID, KEY.verifyKey())).isEqualTo(Check.MISSING);
        assertThat(SignedJson.verify(signed, DOMAIN, KeyId.of("ed25519:2"), KEY.verifyKey())).isEqualTo(Check.MISSING);
        assertThat(check(object("{\"signatures\":[]}"))).isEqualTo(Check.MISSING);
        assertThat(check(object("{\"signatures\":{\"domain\":\"ed25519:1\"}}"))).isEqualTo(Check.MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "{}", "\"\"", "\"!\"", "\"AAAA\"", "\"K8280/U9SSy9IVtjBuVeLr\""})
    void takesNothingElseForASignature(String signature) {
        assertThat(check(object("{\"signatures\":{\"domain\":{\"ed25519:1\":" + signature + "}}}")))
                .isEqualTo(Check.INVALID);
    }

    @Test
    void knowsNoOtherAlgorithm() {
        JsonObject signed = SignedJson.sign(object("{}"), DOMAIN, KEY);
        JsonObject renamed = object("{}").with("signatures", JsonObject.of()
                .with("domain",
                        JsonObject.of().with("ed448:1", new JsonString(signature(signed, "domain", "ed25519:1")))));

        assertThat(SignedJson.verify(renamed, DOMAIN, KeyId.of("ed448:1"), KEY.verifyKey())).isEqualTo(Check.INVALID);
    }

    @Test
    void cannotVerifyWhatHasNoCanonicalForm() {
        JsonObject signed = SignedJson.sign(object("{}"), DOMAIN, KEY);

        assertThat(check(signed.with("a", StrictJson.parse("0.5").orElseThrow()))).isEqualTo(Check.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":0.5}", "{\"a\":9007199254740992}", "{\"signatures\":1}",
        "{\"signatures\":{\"domain\":[]}}"})
    void doesNotSignWhatNobodyCouldVerify(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedJson.sign(object(text), DOMAIN, KEY));
    }

    private static Check check(JsonObject object) {
        return SignedJson.verify(object, DOMAIN, ID, KEY.verifyKey());
    }

    private static JsonObject object(String text) {
        return StrictJson.parseObject(text).orElseThrow();
    }

    private static String signature(JsonObject signed, String server, String keyId) {
        return signed.object("signatures").orElseThrow().object(server).orElseThrow().string(keyId).orElseThrow();
    }
}
