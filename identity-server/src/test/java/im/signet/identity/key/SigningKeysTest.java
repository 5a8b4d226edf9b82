package im.signet.identity.key;

import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyRings;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SigningKeysTest {

    private static final ServerName SERVER = ServerName.of("id.example.org");

    private static KeyRing.Key newKey(String id) {
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        return new KeyRing.Key(id, seed);
    }

    private static SigningKeys of(KeyRing.Key... keys) {
        return new SigningKeys(SERVER, KeyRings.of("signing", keys));
    }

    private static void refuses(String id, byte[] seed) {
        assertThatThrownBy(() -> of(newKey("ed25519:good"), new KeyRing.Key(id, seed), newKey("ed25519:last")))
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("'" + id + "'")
                .hasMessageNotContaining(UnpaddedBase64.encode(seed))
                .extracting(refusal -> ((UnusableSettingException) refusal).mend())
                .asString()
                .isNotEmpty();
    }

    @Test
    void signsWithTheLastAndKeepsTheOthersValid() {
        KeyRing.Key retired = newKey("ed25519:retired");
        KeyRing.Key current = newKey("ed25519:current");
        SigningKey before = SigningKey.fromSeed(KeyId.of(retired.id()), retired.bytes());
        SigningKeys keys = of(retired, current);

        JsonObject signed = keys.sign(JsonObject.of().with("a", "b"));
        assertThat(SignedJson.verify(signed, SERVER, KeyId.of(current.id()),
                keys.publicKey(KeyId.of(current.id())).orElseThrow())).isEqualTo(SignedJson.Check.VALID);
        assertThat(keys.publicKey(before.id())).contains(before.verifyKey());
        assertThat(keys.isOurs(before.verifyKey())).isTrue();
        assertThat(keys.publicKey(KeyId.of("ed25519:other"))).isEmpty();
        assertThat(keys.isOurs(SigningKey.generate(before.id(), new SecureRandom()).verifyKey())).isFalse();
    }

    // CVE-2026-24044: a generated key was a known key. RFC 8032, sections 7.1 and 7.2; the public keys stand there, too.
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5, 278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42, ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6, dfc9425e4f968f7f0c29f0259cf5f9aed6851c2bb4ad8bfb860cfee0ab248292",
        "ab9c2853ce297ddab85c993b3ae14bcad39b2c682beabc27d6d4eb20711d6560, 0f1d1274943b91415889152e893d80e93275a1fc0b65fd71b4b0dda10ad7d772"})
    void refusesTheKeysOfRfc8032(String seed, String publicKey) {
        byte[] bytes = HexFormat.of().parseHex(seed);
        assertThat(SigningKey.fromSeed(KeyId.of("ed25519:0"), bytes).verifyKey().toBytes())
                .isEqualTo(HexFormat.of().parseHex(publicKey));
        refuses("ed25519:0", bytes);
    }

    @Test
    void refusesTheKeyOfTheMatrixSpecification() {
        refuses("ed25519:1", Base64.getDecoder().decode("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1"));
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 0x42, 0x7f, -128, -1})
    void refusesOneByteRepeatedAndBytesThatCount(byte first) {
        byte[] repeated = new byte[32];
        Arrays.fill(repeated, first);
        refuses("ed25519:0", repeated);
        byte[] counted = new byte[32];
        for (int i = 0; i < 32; i++) {
            counted[i] = (byte) (first + i);
        }
        refuses("ed25519:0", counted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k1", "ed25519", "ed25519:", "rsa:1", "curve25519:a", "ED25519:0", "ed25519:a-b", ":0",
        "ed25519:0:1"})
    void refusesAKeyThatIsNotCalledAsMatrixCallsKeys(String id) {
        assertThatThrownBy(() -> of(newKey(id), newKey("ed25519:last"))).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("'" + id + "'")
                .hasMessageContaining("ed25519:");
    }
}
