package im.signet.protocol.signature;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SigningKeyTest {
    private static final KeyId ID = KeyId.of("ed25519:0");

    // RFC 8032 section 7.1, TEST 1 to 3.
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, "
                + "'', e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, "
                + "72, 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, "
                + "af82, 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"})
    void signsTheExamplesOfRfc8032(String seed, String publicKey, String message, String signature) {
        SigningKey key = SigningKey.fromSeed(ID, hex(seed));

        assertThat(key.verifyKey().toBytes()).isEqualTo(hex(publicKey));
        assertThat(key.sign(hex(message))).isEqualTo(hex(signature));
        assertThat(key.verifyKey().verifies(hex(message), hex(signature))).isTrue();
    }

    @Test
    void makesKeysThatDiffer() {
        SecureRandom random = new SecureRandom();
        SigningKey key = SigningKey.generate(ID, random);

        assertThat(key.verifyKey()).isNotEqualTo(SigningKey.generate(ID, random).verifyKey());
        assertThat(SigningKey.fromSeed(ID, key.seed()).verifyKey()).isEqualTo(key.verifyKey());
        assertThat(key.id()).isEqualTo(ID);
    }

    @Test
    void verifiesWhateverItSigns() {
        Random random = new Random(20261121);
        for (int i = 0; i < 200; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            SigningKey key = SigningKey.fromSeed(ID, seed);

            assertThat(key.verifyKey().verifies(message, key.sign(message))).isTrue();
        }
    }

    @Test
    void takesOnlySeedsOf32BytesAndEd25519() {
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.fromSeed(ID, new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.fromSeed(ID, new byte[64]));
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.fromSeed(KeyId.of("ed448:0"), new byte[32]));
    }

    @Test
    void doesNotChangeWithTheArrayItWasMadeOf() {
        byte[] seed = new byte[32];
        SigningKey key = SigningKey.fromSeed(ID, seed);
        byte[] signature = key.sign(new byte[0]);
        seed[0] = 1;
        key.seed()[0] = 1;

        assertThat(key.sign(new byte[0])).isEqualTo(signature);
    }

    @Test
    void staysOutOfLogs() {
        assertThat(SigningKey.fromSeed(ID, new byte[32])).hasToString("SigningKey[ed25519:0, hidden]");
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
